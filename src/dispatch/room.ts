// How many calls may be under way: counted, bounded, and refused beyond. What accepted calls make is not refused for lack of
// room, as they would never end; but no recursion of calls goes on for ever.
import { PoolError } from '../errors.ts';
import type { Task } from './dispatcher.ts';

// Calls that other calls made, of a pool: some kilobytes each.
const MOST_NESTED = 100_000;

export interface RoomOptions {
  readonly queueSize: number;
  readonly maxWorkers: number;
}

export class Room {
  readonly #options: RoomOptions;
  /** Calls from outside, and those that other calls made, that are not settled. */
  #outer = 0;
  #nested = 0;
  #refusal: PoolError | undefined;
  #waiters: (() => void)[] = [];

  constructor(options: RoomOptions) {
    this.#options = options;
  }

  /** @throws PoolError ERR_QUEUE_FULL */
  refuseIfFull({ isNested }: Pick<Task, 'isNested'>): void {
    const { queueSize, maxWorkers } = this.#options;
    if (isNested && this.#nested >= MOST_NESTED) throw nestedError();
    // All but one of the calls that were sent to a thread wait there.
    if (!isNested && this.#outer >= queueSize + maxWorkers) throw this.#fullError();
  }

  enter({ isNested }: Pick<Task, 'isNested'>): void {
    if (isNested) this.#nested++;
    else this.#outer++;
  }

  leave({ isNested }: Pick<Task, 'isNested'>): void {
    if (isNested) this.#nested--;
    else this.#outer--;
    if (this.#waiters.length > 0 && this.isForLists) for (const tell of this.#waiters.splice(0)) tell();
  }

  /** Whether the calls of a list may still be submitted: they take half of the queue, and leave the rest to others. */
  get isForLists(): boolean {
    const { queueSize, maxWorkers } = this.#options;
    return this.#outer < Math.max(maxWorkers, (queueSize + maxWorkers) / 2);
  }

  /** Calls back once when {@link isForLists} has become true. */
  onRoom(callback: () => void): void {
    this.#waiters.push(callback);
  }

  // One for all that one turn refuses: a million of them must not take more memory than as many calls that wait.
  #fullError(): PoolError {
    if (this.#refusal !== undefined) return this.#refusal;
    queueMicrotask(() => {
      this.#refusal = undefined;
    });
    const { queueSize } = this.#options;
    const refusal = new PoolError(
      'ERR_QUEUE_FULL',
      `${queueSize} calls are waiting already; wait for some of them, or raise the option queueSize.`,
      { details: { queueSize } },
    );
    refusal.stack = String(refusal); // the frames are those of the first of them
    this.#refusal = refusal;
    return refusal;
  }
}

function nestedError(): PoolError {
  return new PoolError(
    'ERR_QUEUE_FULL',
    `${MOST_NESTED} calls that other calls made are under way already, the most there may be: does the recursion end? Make fewer at once, or compute more in each.`,
    { details: { queueSize: MOST_NESTED } },
  );
}
