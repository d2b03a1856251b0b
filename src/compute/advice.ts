// What memos have to tell their user: a process warning; in a worker a message to the pool, which makes it one.
// Who is to be told hangs on the global object, because a user's module may bring its own copy of this package.
import type { AdviceCode } from '../wire.ts';

export interface Advice {
  readonly code: AdviceCode;
  /** The function concerned. */
  readonly fn: object;
  /** Its name; empty for one that has none of its own. */
  readonly name: string;
  /** What is the matter and what to do, without the name that it is about. */
  readonly text: string;
}

const ADVISER: unique symbol = Symbol.for('memopool.adviser') as never;

type Host = { [ADVISER]?: ((advice: Advice) => void) | undefined };

/** Takes over what the memos of this thread tell; undefined gives it back to the process. */
export function setAdviser(adviser: ((advice: Advice) => void) | undefined): void {
  (globalThis as Host)[ADVISER] = adviser;
}

/** Tells the adviser of this thread; without one, the process. */
export function advise(advice: Advice): void {
  const adviser = (globalThis as Host)[ADVISER];
  if (adviser !== undefined) adviser(advice);
  else if (typeof process !== 'undefined' && typeof process.emitWarning === 'function') {
    const { code, name, text } = advice;
    process.emitWarning(`${name === '' ? 'A memoized function' : name}: ${text}`, {
      type: 'MemopoolWarning',
      code,
    });
  }
}
