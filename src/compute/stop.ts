// A call that nobody wants any more, stopped from within: the main thread sets a mark in shared memory, and a memoized
// function that sees it at a miss throws. The thread and what its memos have finished are kept, where ending the thread
// would lose them.
//
// Memoized functions do so in calls of memoized functions only: what keeps a state of its own between them, a table filled
// on first use, might be left half made. Who calls checkpoint() says that it may be left there.
//
// Only while the function itself runs, not in what it leaves to promises and timers: those could make a kept result of
// the error. A function that swallows the error, or gives a promise that it has rejected, is found out, and its thread
// replaced: it may have kept what it made of it.
// The state hangs on the global object, because a user's module may bring its own copy of this package.

/** Thrown through a function whose call was cancelled. Let it pass. */
export class StopError extends Error {
  readonly code = 'ABORT_ERR';
  readonly #isOurs = true;

  constructor() {
    super('The call was cancelled: nobody waits for its result any more. Let this error pass.');
  }

  /** Whether it is one, by what runs no code of the value's own. */
  static is(error: unknown): boolean {
    return typeof error === 'object' && error !== null && #isOurs in error && error.#isOurs;
  }
}

StopError.prototype.name = 'StopError';

export interface StopState {
  /** One cell, which the main thread sets to the mark of the call to be stopped. */
  cell: Int32Array;
  /** The mark of the call whose function runs; in between one that no call has. */
  mark: number;
  /** The same, if that function is memoized: what memos look at. */
  memoMark: number;
  /** That call has been thrown through: what it gives now may have been made of the error, and is not kept. */
  isStopping: boolean;
  /** What was thrown by that call: more than one when the first was swallowed. */
  readonly thrown: unknown[];
}

const STOP: unique symbol = Symbol.for('memopool.stop') as never;

// Marks are odd, and before the first the cell is 0.
const NO_MARK = 2;

const MOST_THROWN = 2;
const NOTHING: readonly unknown[] = Object.freeze([]);

/** This thread's. */
export function stopState(): StopState {
  const host = globalThis as { [STOP]?: StopState };
  host[STOP] ??= { cell: new Int32Array(1), mark: NO_MARK, memoMark: NO_MARK, isStopping: false, thrown: [] };
  return host[STOP];
}

/** Throws the error that unwinds the call that runs. */
export function stopNow(state: StopState): never {
  const error = new StopError();
  state.isStopping = true;
  if (state.thrown.length < MOST_THROWN) state.thrown.push(error);
  throw error;
}

/** Whether the call of this mark was cancelled. */
export function isAskedToStop(state: StopState, mark: number | undefined): boolean {
  return mark !== undefined && state.cell[0] === mark;
}

/** The function of a marked call begins. */
export function beginStoppable(state: StopState, mark: number | undefined, isMemoized: boolean): void {
  if (mark === undefined) return;
  state.mark = mark;
  if (isMemoized) state.memoMark = mark;
}

/** The function has returned or thrown; gives what was thrown to stop it. */
export function endStoppable(state: StopState): readonly unknown[] {
  state.mark = NO_MARK;
  state.memoMark = NO_MARK;
  state.isStopping = false;
  return state.thrown.length === 0 ? NOTHING : state.thrown.splice(0);
}

/** Whether a function that was to be stopped by what was `thrown` ended with anything else than that. */
export function isSwallowed(thrown: readonly unknown[], error: unknown): boolean {
  return thrown.length > 1 || (thrown.length === 1 && thrown[0] !== error);
}

/**
 * For long loops: throws when the call that runs was cancelled, so that its thread need not be ended. Does nothing outside
 * of a pool. About as cheap as reading a variable; a memoized function does the same at every miss.
 *
 * @throws StopError, which is to be let pass
 */
export function checkpoint(): void {
  if (own.cell[0] === own.mark) stopNow(own);
}

const own = stopState();
