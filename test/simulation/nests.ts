// Which calls the functions of a simulated pool make through the pool, and how they go about it.
import type { Random } from './random.ts';

/** One call of another function: of a smaller argument, unless circles are wanted. */
export interface Edge {
  readonly index: number;
  readonly less: number;
  readonly shape: number;
}

export interface NestSpec {
  readonly style: (typeof STYLES)[number];
  readonly edges: readonly Edge[];
  /** Goes on without a part that fails. */
  readonly tolerates: boolean;
  /** Awaits the same call of another function of its thread in the place of one of its own, as a memo of promises does. */
  readonly shares: boolean;
  /** Awaits what a function gave last in the same thread, without a call: what it awaits may await it. */
  readonly awaits: number | undefined;
}

const STYLES = ['all', 'settled', 'chain', 'twice', 'first', 'unawaited'] as const;

export interface NestOptions {
  readonly random: Random;
  /** How many functions there are. */
  readonly count: number;
  /** From 0 to 1: how likely a function calls with what is not smaller. */
  readonly circles: number;
}

export function drawNest({ random, count, circles }: NestOptions): NestSpec {
  const edges = Array.from({ length: random.whole(1, 3) }, () => ({
    index: random.whole(0, count - 1),
    less: random.chance(circles) ? random.pick([0, 0, 0, -1]) : random.whole(1, 3),
    shape: random.pick([0, 0, 0, 0, 1, 2]),
  }));
  const style = random.pick(STYLES);
  return {
    style,
    edges,
    tolerates: random.chance(0.4),
    // What a call leaves unanswered when it ends is never settled.
    shares: (style === 'settled' || style === 'chain') && random.chance(0.5),
    awaits: random.chance(circles / 3) ? random.whole(0, count - 1) : undefined,
  };
}

/** Whether functions may come to await each other's promises in a circle. */
export function mayCircle({ edges, awaits }: NestSpec): boolean {
  return awaits !== undefined || edges.some(({ less }) => less <= 0);
}
