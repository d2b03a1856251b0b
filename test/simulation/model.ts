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
  /** When it was made, there were as many under way as there may be. */
  wasFull: boolean;
  isSettled: boolean;
  hasValue: boolean;
}

/** A computation as the callers see it. */
export interface Flight {
  readonly target: Target;
  readonly startedAt: number;
  /** Another call made it. */
  readonly isNested: boolean;
  readonly callers: Set<Call>;
  /** Calls of others that wait for it. */
  readonly takers: Set<Ask>;
  /** Its own that it waits for. */
  readonly asks: Set<Ask>;
  /** The errors of its calls: see `signatureOf`. */
  readonly told: Set<string>;
  isFenced: boolean;
  /** It is answered, or nobody wants it any more. */
  isOver: boolean;
}

/** A call that a call has made and that waits for a flight. */
export interface Ask {
  readonly parent: Flight;
  readonly child: Flight;
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
  /** It has made calls. */
  hasAsked: boolean;
  /** It awaits what another function of its thread gave. */
  hasAwaited: boolean;
  /** It computes for long. */
  isBusy: boolean;
  /** It went on by a timer. */
  hasSlept: boolean;
  /** It awaits what never comes. */
  isAsleep: boolean;
  /** Since when nobody waits for it. */
  unwantedSince: number;
}

export interface Death {
  readonly id: number;
  readonly at: number;
  readonly thread: SimThread;
  /** It was ended by what an earlier call left behind, of this function. */
  readonly lateBy: string | undefined;
  /** The attempt that ended it, unless an earlier one did or none. */
  readonly cause: Attempt | undefined;
  /** By then nobody wanted that one. */
  readonly isOrphan: boolean;
  /** All that it had begun and not finished. */
  readonly keys: readonly string[];
  /** These, and those that it had finished and that were awaited. */
  readonly untold: readonly string[];
  readonly loading: string | undefined;
}

/** What ends a thread. */
export type Cause = Pick<Death, 'lateBy' | 'cause'>;

export type Lookup = 'hit' | 'join' | 'miss' | 'refused';

/** What the judge asks of the world. */
export interface Facts {
  readonly graph: readonly FunctionSpec[];
  readonly now: number;
  /** The most calls that may be under way. */
  readonly capacity: number;
  readonly maxWorkers: number;
  readonly isUnbounded: boolean;
  /** Calls may come to wait for each other for ever. */
  readonly mayStall: boolean;
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
