// The words of a simulation: calls, the flights that callers wait for, the attempts of workers, deaths.
import type { ResultForm } from '../../src/types.ts';
import type { Course } from './faults.ts';
import type { FunctionSpec } from './functions.ts';
import type { SimThread } from './sim-thread.ts';

/** What a call is of. */
export interface Target {
  /** Undefined for a name that is no function's. */
  readonly spec: FunctionSpec | undefined;
  readonly name: string;
  readonly n: number;
  readonly args: readonly unknown[];
  /** Name and arguments. */
  readonly argsKey: string;
  readonly form: ResultForm | undefined;
  /** Name, arguments and form. */
  readonly key: string;
}

/** One caller. */
export interface Call {
  readonly id: number;
  readonly target: Target;
  readonly at: number;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
  readonly deadlineMs: number | undefined;
  /** What its onProgress throws. */
  readonly progressError: Error | undefined;
  flight: Flight | undefined;
  isSettled: boolean;
  hasValue: boolean;
}

/** A computation as the callers see it. */
export interface Flight {
  readonly target: Target;
  readonly startedAt: number;
  readonly callers: Set<Call>;
  isFenced: boolean;
}

/** One time that a worker ran a function. */
export interface Attempt {
  readonly id: number;
  readonly key: string;
  readonly thread: SimThread;
  readonly beganAt: number;
  readonly course: Course;
  /** For whom, if there is but one flight that it can be for. */
  readonly flight: Flight | undefined;
  hasEnded: boolean;
  /** Since when nobody waits for it. */
  unwantedSince: number;
}

export interface Death {
  readonly id: number;
  readonly at: number;
  readonly thread: SimThread;
  /** It was ended by what an earlier call left behind, of this function. */
  readonly lateBy: string | undefined;
  /** What it was about. */
  readonly key: string | undefined;
  readonly loading: string | undefined;
}

export type Lookup = 'hit' | 'join' | 'miss' | 'refused';

/** What the judge asks of the world. */
export interface Facts {
  readonly graph: readonly FunctionSpec[];
  readonly now: number;
  /** The most calls that may be under way. */
  readonly capacity: number;
  readonly maxWorkers: number;
  readonly isUnbounded: boolean;
  /** When close was called. */
  readonly closedAt: number;
  /** From when on close ends what is under way. */
  readonly destroyedAt: number;
  readonly refusedStarts: readonly number[];
  /** By how much the main thread may hear late of what threads do. */
  readonly slackMs: number;
  fail(problem: string): void;
  count(what: string): void;
}

export function argsKeyOf(name: string, args: readonly unknown[]): string {
  return `${name}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`;
}

export function keyOf(argsKey: string, form: ResultForm | undefined): string {
  return form === undefined ? argsKey : `${argsKey} as ${form}`;
}
