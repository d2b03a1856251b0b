// Clears and deletes: what was meant is gone at once, does not come back, and every memo has forgotten when it is said so.
import type { MemoPool } from '../../src/pool.ts';
import type { Target } from './model.ts';
import type { World } from './world.ts';

export function peekAt(pool: MemoPool, { name, args, form }: Target): unknown {
  return pool.peek(name, args, form === undefined ? {} : { as: form });
}

export class Forgetting {
  /** Promises that are not kept yet. */
  waiting = 0;
  readonly #world: World;
  readonly #targets: readonly Target[];

  /** @param targets what was called */
  constructor(world: World, targets: readonly Target[]) {
    this.#world = world;
    this.#targets = targets;
  }

  clear(): void {
    const { pool, judge, say } = this.#world;
    say('everything is cleared');
    const isCleared = this.#expectClears();
    const promise = pool.cacheClear();
    judge.onFence(() => true);
    judge.counted.clear();
    this.#checkForgotten(() => true);
    this.#await(promise, isCleared);
  }

  clearOne(): void {
    const { pool, judge, say, random, graph } = this.#world;
    const { name } = random.pick(graph);
    say(`${name} is cleared`);
    const isCleared = this.#expectClears();
    const promise = pool.cacheClear(name);
    judge.onFence((target) => target.name === name);
    judge.counted.delete(name);
    this.#checkForgotten((target) => target.name === name);
    this.#await(promise, isCleared);
  }

  delete(): void {
    const { pool, judge, say, random } = this.#world;
    if (this.#targets.length === 0) return;
    const { name, args, argsKey } = random.pick(this.#targets);
    say(`${argsKey} is deleted`);
    const had = this.#targets.some((target) => target.argsKey === argsKey && this.#isCached(target));
    const promise = pool.cacheDelete(name, args);
    judge.onFence((target) => target.argsKey === argsKey);
    this.#checkForgotten((target) => target.argsKey === argsKey);
    this.#await(promise, (found) => {
      if (had && found !== true)
        this.#world.fail(`${argsKey} was in the cache, and its delete found nothing`);
    });
  }

  // Of undefined a peek cannot tell.
  #isCached(target: Target): boolean {
    return target.spec?.kind !== 'undefined' && peekAt(this.#world.pool, target) !== undefined;
  }

  #checkForgotten(isMeant: (target: Target) => boolean): void {
    for (const target of this.#targets) {
      if (isMeant(target) && this.#isCached(target))
        this.#world.fail(`${target.key} is there after its clear`);
    }
  }

  // When the promise of a clear is kept, every thread of then has cleared its memos, or is no more.
  #expectClears(): () => void {
    const before = this.#world.threads
      .filter(({ side }) => !side.isGone)
      .map((thread) => ({ thread, clears: thread.clears }));
    return () => {
      for (const { thread, clears } of before) {
        if (thread.side.isGone || thread.isOver || thread.clears > clears) continue;
        this.#world.fail(`cleared, and ${thread.name} has not forgotten`);
      }
    };
  }

  #await(promise: Promise<unknown>, check: (value: unknown) => void): void {
    this.waiting++;
    promise.then(
      (value) => {
        this.waiting--;
        check(value);
      },
      (error: unknown) => this.#world.fail(`forgetting failed: ${String(error)}`),
    );
  }
}
