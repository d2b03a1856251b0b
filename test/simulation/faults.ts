// What goes wrong: one choice for each attempt at a call, and for each thread.
import type { FunctionSpec } from './functions.ts';
import type { Random } from './random.ts';

/** How an attempt at a call goes. `busy` keeps its thread from everything else, as computing does. */
export type Course =
  | { readonly kind: 'value'; readonly busyMs: number; readonly sleepMs: number; readonly heeds: boolean }
  | { readonly kind: 'throws'; readonly what: Thrown; readonly busyMs: number; readonly sleepMs: number }
  | { readonly kind: 'dies'; readonly how: DeathKind; readonly busyMs: number; readonly sleepMs: number }
  /** Its value stands, and a timer that it left behind fails or exits later. */
  | { readonly kind: 'leaves'; readonly what: 'error' | 'exit'; readonly inMs: number }
  /** A timer of its own throws while it still runs. */
  | { readonly kind: 'timer throws'; readonly inMs: number; readonly sleepMs: number }
  /** Whoever `heeds` looks now and then whether it is to stop, as memoized functions do. */
  | { readonly kind: 'endless'; readonly heeds: boolean }
  | { readonly kind: 'unsettled' }
  | { readonly kind: 'uncloneable' };

export type Thrown = 'Error' | 'TypeError' | 'text' | 'null' | 'object';
export type DeathKind = 'exit' | 'memory';

/** How a thread begins. */
export type Start =
  | { readonly kind: 'refused' | 'stillborn' | 'exits' }
  | { readonly kind: 'boots'; readonly inMs: number };

export interface Mood {
  /** From 0, where nothing goes wrong, to 1. */
  readonly faults: number;
  /** How likely what never ends is. */
  readonly hangs: number;
}

export function chooseCourse(random: Random, mood: Mood, spec: FunctionSpec): Course {
  const { faults, hangs } = mood;
  if (spec.isPoison && faults > 0) return { kind: 'dies', how: 'exit', busyMs: 0, sleepMs: 0 };
  const busyMs = random.weighed([
    [8, 0],
    [2, random.between(0, 5)],
    [1, random.between(5, 100)],
    [0.1, random.between(100, 3000)],
  ]);
  const sleepMs = random.weighed([
    [spec.isAsync ? 0 : 8, 0],
    [1, random.between(0, 5)],
    [1, random.between(5, 300)],
  ]);
  const heeds = random.chance(0.5);
  return random.weighed<Course>([
    [1, { kind: 'value', busyMs, sleepMs, heeds }],
    [faults / 4, { kind: 'throws', what: random.pick(THROWN), busyMs, sleepMs }],
    [faults / 5, { kind: 'dies', how: random.pick(['exit', 'exit', 'memory']), busyMs, sleepMs }],
    [faults / 6, { kind: 'leaves', what: 'error', inMs: random.wait(random.pick([1, 20, 300])) }],
    [faults / 10, { kind: 'leaves', what: 'exit', inMs: random.wait(random.pick([1, 20, 300])) }],
    [faults / 8, { kind: 'timer throws', inMs: random.between(0, 20), sleepMs: random.between(0, 40) }],
    [faults / 10, { kind: 'uncloneable' }],
    [hangs, random.pick<Course>([{ kind: 'endless', heeds }, { kind: 'unsettled' }])],
  ]);
}

const THROWN: readonly Thrown[] = ['Error', 'TypeError', 'text', 'null', 'object'];

export function chooseStart(random: Random, { faults }: Mood): Start {
  return random.weighed<Start>([
    [1, { kind: 'boots', inMs: random.between(0, random.pick([1, 50])) }],
    [faults / 10, { kind: 'boots', inMs: random.between(50, 3000) }],
    [faults / 20, { kind: 'refused' }],
    [faults / 20, { kind: 'stillborn' }],
    [faults / 20, { kind: 'exits' }],
  ]);
}

/** The error that an attempt throws; its number tells which attempt it came from. */
export function makeThrown(what: Thrown, attempt: number): unknown {
  switch (what) {
    case 'Error':
      return Object.assign(new Error(`attempt ${attempt}`), { attempt });
    case 'TypeError':
      return Object.assign(new TypeError(`attempt ${attempt}`), { attempt });
    case 'text':
      return `attempt ${attempt}`;
    case 'null':
      return null;
    case 'object':
      return { attempt };
  }
}
