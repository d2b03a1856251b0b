import { describe, expect, test } from 'vitest';
import type { MemoInfo } from '../../../src/compute/memoize.ts';
import { weigh } from '../../../src/values/weigh.ts';
import * as functions from '../../../workers/functions/all.ts';
import { fibonacciPair } from '../../../workers/functions/fibonacci-pair.ts';

const MIB = 2 ** 20;

/** Every memo of this thread, those of the recursions inside the functions among them. */
function memos(): { readonly name: string; cacheInfo(): MemoInfo }[] {
  const enrolled = (globalThis as Record<symbol, unknown>)[Symbol.for('memopool.memos')];
  const references = enrolled as Set<WeakRef<{ readonly name: string; cacheInfo(): MemoInfo }>>;
  return [...references].flatMap((reference) => reference.deref() ?? []);
}

function entries(): number {
  return memos().reduce((sum, memo) => sum + memo.cacheInfo().currsize, 0);
}

function clear(): void {
  for (const memo of memos()) (memo as unknown as { cacheClear(): void }).cacheClear();
}

describe('the memos of the built-in functions', () => {
  test('keep no more results than 16 MiB of them', () => {
    clear();
    const bytes = weigh(functions.fibonacci(1_500_000));
    for (let n = 1_500_000; n < 1_500_200; n++) functions.fibonacci(n);
    const { currsize, misses } = functions.fibonacci.cacheInfo();
    expect(misses).toBe(200);
    expect(currsize * bytes).toBeLessThanOrEqual(16 * MIB);
    expect(currsize * bytes).toBeGreaterThan(15 * MIB);
  });

  test('keep no more pairs of a recursion than 48 MiB of them', () => {
    clear();
    const last = 1_000_400;
    const bytes = weigh(fibonacciPair(last));
    for (let k = last - 400; k < last; k++) fibonacciPair(k);
    const { misses } = fibonacciPair.cacheInfo();
    let kept = 0;
    for (; fibonacciPair.cacheInfo().misses === misses; kept++) fibonacciPair(last - 1 - kept);
    expect(kept * bytes).toBeLessThan(48 * MIB);
    expect(kept * bytes).toBeGreaterThan(24 * MIB);
  });

  test('return a result that is longer than a memo may be, and do not keep it', () => {
    clear();
    const long = 1n << 150_000_000n;
    expect(functions.linearRecurrence([1], [long], 0) === long).toBe(true);
    expect(functions.linearRecurrence.cacheInfo()).toMatchObject({ misses: 1, currsize: 0 });
  });

  test('hold all that the recursion of ackermann needs: no pair of arguments is computed twice', () => {
    clear();
    functions.ackermann(5, 0);
    functions.ackermann(2, 32_766);
    functions.ackermann(1, 65_533);
    const computed = memos().reduce((sum, memo) => sum + memo.cacheInfo().misses, 0);
    expect(computed).toBe(entries());
    expect(entries()).toBeLessThan(170_000);
  });

  test('hold all that the recursion of partitions needs: no block is computed twice', () => {
    clear();
    functions.partitions(20_000);
    functions.partitions(19_000);
    const computed = memos().reduce((sum, memo) => sum + memo.cacheInfo().misses, 0);
    expect(computed).toBe(entries());
  });

  test('stay bounded over many different calls', () => {
    clear();
    for (let i = 0; i < 120_000; i++) functions.fibonacciMod(i, 97);
    const { currsize, misses } = functions.fibonacciMod.cacheInfo();
    expect(misses).toBe(120_000);
    expect(currsize).toBeLessThan(110_000);
  });
});
