// Counts the calls of a pool beside its own counters: `hits + misses + joins == calls`, and a call that was refused is none.
import assert from 'node:assert/strict';
import type { RunOptions } from '../../../src/index.ts';
import type { TestPool } from './row.ts';

// Of a flood's million calls these may stand for all.
const MOST_CHECKED = 1000;

// What a call is refused with before it is one.
const REFUSALS: readonly unknown[] = [
  'ERR_ARGUMENT_NOT_CLONEABLE',
  'ERR_ARGUMENT_TOO_LARGE',
  'ERR_OPTION',
  'ERR_QUEUE_FULL',
];

export class Tally {
  readonly #pool: TestPool;
  readonly #isNesting: boolean;
  /** Whether each call was rightly counted, or not. */
  readonly #checks: Promise<void>[] = [];
  #calls = 0;
  #isClosed = false;

  /**
   * Puts itself before the pool's methods; `pool.fn` calls `pool.run`.
   *
   * @param isNesting whether its functions make calls, so that a call may fail with what one of these was refused with
   */
  constructor(pool: TestPool, isNesting: boolean) {
    this.#pool = pool;
    this.#isNesting = isNesting;
    const { run, cacheClear, close } = pool;
    const methods = {
      run: (name: string, args: unknown[], options?: RunOptions) =>
        this.#count(() => run.call(pool, name, args, options)),
      cacheClear: (name?: string) => {
        this.#calls -= this.#counted(name);
        return cacheClear.call(pool, name);
      },
      close: (options?: { timeoutMs?: number }) => {
        this.#isClosed = true;
        return close.call(pool, options);
      },
    };
    Object.assign(pool, methods);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get calls(): number {
    return this.#calls;
  }

  /** So many calls were made by functions. */
  add(nested: number): void {
    this.#calls += nested;
  }

  async check(): Promise<void> {
    await Promise.all(this.#checks);
    assert.equal(this.#counted(), this.#calls, 'hits + misses + joins, of so many calls');
  }

  #count(call: () => Promise<unknown>): Promise<unknown> {
    const before = this.#counted();
    const promise = call();
    const counted = this.#counted() - before;
    assert(counted === 0 || counted === 1, `one call was counted ${counted} times`);
    this.#calls += counted;
    if (this.#checks.length < MOST_CHECKED) {
      if (counted === 0) this.#checks.push(mustFail(promise));
      else if (!this.#isNesting) this.#checks.push(mustNotBeRefused(promise));
    }
    return promise;
  }

  #counted(name?: string): number {
    const { hits, misses, joins } = this.#pool.cacheInfo(name);
    return hits + misses + joins;
  }
}

// Only a call that is refused may go uncounted.
function mustFail(promise: Promise<unknown>): Promise<void> {
  return promise.then(
    () => assert.fail('a call was answered and not counted'),
    () => {},
  );
}

function mustNotBeRefused(promise: Promise<unknown>): Promise<void> {
  return promise.then(
    () => {},
    (error: { code?: unknown } | undefined) => {
      if (REFUSALS.includes(error?.code)) assert.fail(`a call was refused and counted: ${error?.code}`);
    },
  );
}
