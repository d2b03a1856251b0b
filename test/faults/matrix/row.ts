// A row of the fault matrix: what goes wrong, what the caller gets, and the trial that shows it.
import type { Pool, PoolError, PoolOptions, RunOptions } from '../../../src/index.ts';

/** A pool whose functions are found by their names at run time, as most faults need. */
export type TestPool = Pool<Record<string, (...args: unknown[]) => unknown>>;

/** An error as a row looks at it: of the pool, of a caller who left, or of the function's own. */
export type Failure = Error & Partial<Pick<PoolError, 'details'>> & { readonly code?: string };

/** What a row has at hand in its process. Every pool it opens is checked when the row has ended. */
export interface Tools {
  readonly workers: number;
  /** The folder of the package, with a slash at its end. */
  readonly root: string;
  /**
   * A pool of the row's number of workers and the functions of `functions.js`, whose every call is counted.
   *
   * When the row has ended it must answer another call on each worker, have counted every call once, hold nothing any
   * more, and close; unless the row has closed it.
   */
  open(options?: PoolOptions): TestPool;
  /** The same of functions that cannot be loaded, so that nothing can be asked of it afterwards. */
  openBroken(options: PoolOptions): TestPool;
  /** The same of the functions of `nesting-functions.js`, which make calls: the row says how many, by `nested`. */
  openNesting(options?: PoolOptions): TestPool;
  /**
   * So many more calls were made by the functions of this pool, or if left out, as many as the events tell: of a row
   * with one pool, in which a call may begin again.
   */
  nested(pool: TestPool, calls?: number): void;
  /** A module beside this suite's functions. */
  moduleUrl(name: string): URL;
  /** The error of a call that must fail with this code, and these words in its message. */
  fails(call: Promise<unknown>, code: string, words?: RegExp): Promise<Failure>;
  /** The same of a call made twice, the second time when the first has failed. */
  failsTwice(call: () => Promise<unknown>, code: string, words?: RegExp): Promise<Failure>;
  /** Makes a call, and tells when its function, or one that it calls, has begun: those that say `begun` in their modules. */
  begin(pool: TestPool, call: Call): Begun;
  /** Lets a call of `gated` end. */
  openGate(label: string): void;
  /** Threads that were started so far in this process. */
  threadsStarted(): number;
  /** Resolves with the next process warning of this code, or the one there was. */
  warned(code: string): Promise<Error>;
  /** Notes that a code was produced where {@link fails} does not see it. */
  produced(code: string): void;
}

export interface Call {
  readonly name: string;
  readonly args?: readonly unknown[];
  readonly options?: RunOptions;
  /** What is said when it has begun. @default its own name and first argument */
  readonly begins?: string;
}

export interface Begun {
  readonly answer: Promise<unknown>;
  readonly running: Promise<void>;
}

export interface Row {
  readonly id: string;
  readonly fault: string;
  readonly promise: string;
  /** The codes that callers get; every one must be produced by the trial. */
  readonly codes?: readonly string[];
  /** The codes of the process warnings it leads to, each of which must come, and no other. */
  readonly warnings?: readonly string[];
  /** When the parent ends the child; for a row that is known to take long. */
  readonly limitMs?: number;
  /** Flags of Node's that the child runs with. */
  readonly nodeFlags?: readonly string[];
  /** Brings the fault about, checks all that is promised, and says in a sentence what came of it, alike in every run. */
  run(tools: Tools): Promise<string>;
}

/** A row whose subject is not there yet. */
export interface LaterRow {
  readonly fault: string;
  readonly promise: string;
  readonly comesWith: string;
}

/** What no library on threads can promise, and what is promised instead. */
export interface Exception {
  readonly fault: string;
  readonly instead: string;
}
