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
    for (;;) {
      try {
        const thread = new Thread({ ...this.#options, stackSizeMb: this.#stackSizeMb }, events);
        if (this.#stackSizeMb < begun) this.#onSmallerStack(this.#stackSizeMb);
        return thread;
      } catch (error) {
        if (!isStackRefusal(error) || this.#stackSizeMb <= LEAST_STACK_MB) throw startError(error);
        this.#stackSizeMb = Math.max(LEAST_STACK_MB, Math.floor(this.#stackSizeMb / 2));
      }
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
