// Starts threads as the system allows them: with a smaller stack where it refuses the one asked for.
import { PoolError } from '../errors.ts';
import { Thread, type ThreadEvents, type ThreadOptions } from './thread.ts';

const LEAST_STACK_MB = 4;

export class ThreadStarter {
  readonly #options: ThreadOptions;
  readonly #onSmallerStack: (stackSizeMb: number) => void;
  #stackSizeMb: number;

  /** @param onSmallerStack told when threads get less than was asked for, of the size they get */
  constructor(options: ThreadOptions, onSmallerStack: (stackSizeMb: number) => void) {
    this.#options = options;
    this.#onSmallerStack = onSmallerStack;
    this.#stackSizeMb = options.stackSizeMb;
  }

  /**
   * A stack that the system refuses is halved until it is given; the threads after this one begin there.
   *
   * @throws PoolError ERR_WORKER_START
   */
  start(events: ThreadEvents): Thread {
    const begun = this.#stackSizeMb;
    const start = (stackSizeMb: number) => new Thread({ ...this.#options, stackSizeMb }, events);
    const { started, stackSizeMb } = startWithStack(begun, start);
    this.#stackSizeMb = stackSizeMb;
    if (stackSizeMb < begun) this.#onSmallerStack(stackSizeMb);
    return started;
  }
}

/**
 * Starts with the stack asked for, or with the half of it, and so on, as the system allows; gives the size there is.
 *
 * @throws PoolError ERR_WORKER_START
 */
export function startWithStack<T>(
  wantedMb: number,
  start: (stackSizeMb: number) => T,
): { readonly started: T; readonly stackSizeMb: number } {
  let stackSizeMb = wantedMb;
  for (;;) {
    try {
      return { started: start(stackSizeMb), stackSizeMb };
    } catch (error) {
      if (!isStackRefusal(error) || stackSizeMb <= LEAST_STACK_MB) throw startError(error);
      stackSizeMb = Math.max(LEAST_STACK_MB, Math.floor(stackSizeMb / 2));
    }
  }
}

function isStackRefusal(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === 'ERR_WORKER_INIT_FAILED';
}

function startError(error: unknown): PoolError {
  const denied = error instanceof Error && Reflect.get(error, 'code') === 'ERR_ACCESS_DENIED';
  const way = denied ? ' Run node with --allow-worker.' : '';
  const what = String(error).replace(/\.$/, '');
  return new PoolError('ERR_WORKER_START', `A worker thread could not start: ${what}.${way}`, {
    cause: error,
  });
}
