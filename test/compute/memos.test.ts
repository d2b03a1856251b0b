import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Memoized, memoize } from '../../src/compute/memoize.ts';
import { clearMemos, enrolMemo, type Memo } from '../../src/compute/memos.ts';
import { collectGarbage } from './collect-garbage.ts';

function enrolled(): Set<WeakRef<Memo>> {
  return Reflect.get(globalThis, Symbol.for('memopool.memos')) as Set<WeakRef<Memo>>;
}

function alive(): number {
  return [...enrolled()].filter((reference) => reference.deref() !== undefined).length;
}

const identity = (n: number): number => n;

describe('clearMemos', () => {
  afterEach(() => {
    vi.resetModules();
  });

  test('empties every memo of the thread, whatever its bounds', () => {
    const memos = [
      memoize(identity),
      memoize(identity, { maxsize: null }),
      memoize(identity, { maxBytes: 1000 }),
    ];
    for (const memo of memos) {
      memo(1);
      memo(1);
      expect(memo.cacheInfo()).toMatchObject({ hits: 1, misses: 1, currsize: 1 });
    }
    clearMemos();
    for (const memo of memos) {
      expect(memo.cacheInfo()).toMatchObject({ hits: 0, misses: 0, currsize: 0 });
      memo(1);
      expect(memo.cacheInfo()).toMatchObject({ misses: 1, currsize: 1 });
    }
  });

  test('reaches the memos of another copy of the package', async () => {
    vi.resetModules();
    const copy: { memoize(fn: typeof identity): Memoized<typeof identity> } = await import(
      '../../src/compute/memoize.ts'
    );
    expect(copy.memoize).not.toBe(memoize);
    const memo = copy.memoize(identity);
    memo(1);
    clearMemos();
    expect(memo.cacheInfo().currsize).toBe(0);
  });

  test('reaches the memos of a method’s instances', () => {
    const method = memoize(identity, { kind: 'method', static: false, name: 'identity' });
    const instance = {};
    method.call(instance as never, 1);
    expect(method.of(instance).cacheInfo().currsize).toBe(1);
    clearMemos();
    expect(method.of(instance).cacheInfo().currsize).toBe(0);
  });
});

describe('the list of memos', () => {
  test('does not keep a memo alive', async () => {
    const before = alive();
    for (let n = 0; n < 200; n++) memoize(identity)(n);
    await collectGarbage(() => alive() <= before);
    expect(alive()).toBeLessThanOrEqual(before);
  });

  test('does not grow with memos that are collected', async () => {
    let longest = 0;
    for (let round = 0; round < 20; round++) {
      for (let n = 0; n < 200; n++) enrolMemo({ cacheClear: () => undefined });
      longest = Math.max(longest, enrolled().size);
      await collectGarbage(() => alive() < 100);
    }
    expect(longest).toBeLessThan(1000); // of 4,000
  });

  test('keeps every memo that is alive, however many are swept', async () => {
    const kept: number[] = [];
    const memos = Array.from({ length: 300 }, (_, n) => ({ cacheClear: () => kept.push(n) }));
    for (const memo of memos) {
      enrolMemo(memo);
      enrolMemo({ cacheClear: () => undefined });
    }
    await collectGarbage();
    for (let n = 0; n < 1000; n++) enrolMemo({ cacheClear: () => undefined });
    clearMemos();
    expect(kept.sort((a, b) => a - b)).toEqual(memos.map((_, n) => n));
  });
});
