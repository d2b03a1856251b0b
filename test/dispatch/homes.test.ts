import { describe, expect, test } from 'vitest';
import { Homes } from '../../src/dispatch/homes.ts';
import type { Slot } from '../../src/dispatch/slot.ts';

// Homes ask nothing of slots but which is which.
const [first, second, third] = [1, 2, 3].map((number) => ({ number }) as unknown as Slot) as [
  Slot,
  Slot,
  Slot,
];

function homesOf(...names: readonly string[]): Homes {
  const homes = new Homes();
  for (const name of names) homes.learn(name, first, 1);
  return homes;
}

function call(...args: readonly unknown[]): { readonly name: string; readonly args: readonly unknown[] } {
  return { name: 'f', args };
}

function slotOf(homes: Homes, ...args: readonly unknown[]): Slot | undefined {
  return homes.of(call(...args))?.find(() => true);
}

describe('a neighbourhood', () => {
  test('of a function whose memo nobody has told of has no home', () => {
    const homes = homesOf('g');
    homes.settle(call(1), { slot: second });
    expect(homes.of(call(1))).toBeUndefined();
  });

  test('begins where the function was found to have a memo', () => {
    expect(slotOf(homesOf('f'), 5)).toBe(first);
    expect(slotOf(homesOf('f'), 'a', 5)).toBe(first);
  });

  test('of one argument is its size, and those about it share its home until they have one', () => {
    const homes = homesOf('f');
    homes.settle(call(1000), { slot: second });
    homes.settle(call(10), { slot: third });
    expect(slotOf(homes, 700)).toBe(second);
    expect(slotOf(homes, 100_000)).toBe(second);
    expect(slotOf(homes, 9)).toBe(third);
    expect(slotOf(homes, 1)).toBe(third);
  });

  test.each([
    ['numbers', 7, 8],
    ['texts', 'left', 'right'],
    ['bigints', 7n, 8n],
    ['types', 7, 7n],
  ])('of several arguments is the first, told apart among %s', (_, one, other) => {
    const homes = homesOf('f');
    homes.settle(call(one, 1), { slot: second });
    expect(slotOf(homes, one, 1000)).toBe(second);
    expect(homes.of(call(other, 1))).toBeUndefined();
  });

  test.each([
    ['a long text', 'x'.repeat(1000)],
    ['a large bigint', 1n << 100n],
    ['nothing to tell it by', undefined],
  ])('is their size where the first is %s', (_, one) => {
    const homes = homesOf('f');
    homes.settle(call(one, 1), { slot: second });
    expect(slotOf(homes, one, 1)).toBe(second);
  });

  test('has more than one home when several threads have computed it', () => {
    const homes = homesOf('f');
    homes.settle(call(1, 1), { slot: second });
    homes.settle(call(1, 2), { slot: third });
    const home = homes.of(call(1, 3));
    expect([first, second, third].map((slot) => home?.has(slot))).toEqual([false, true, true]);
  });

  test('is left behind by a thread that has computed nothing of it for long', () => {
    const homes = homesOf('f');
    homes.settle(call(1, 1), { slot: second });
    for (let n = 0; n < 50; n++) homes.settle(call(1, n), { slot: third });
    expect(homes.of(call(1, 3))?.has(second)).toBe(false);
    expect(slotOf(homes, 1, 3)).toBe(third);
  });

  test('has no home any more when its thread has ended', () => {
    const homes = homesOf('f');
    homes.settle(call(1, 1), { slot: second });
    homes.settle(call(2, 1), { slot: third });
    homes.forget(second);
    expect(homes.of(call(1, 1))).toBeUndefined();
    expect(slotOf(homes, 2, 1)).toBe(third);
    homes.settle(call(1, 1), { slot: second }); // its next thread
    expect(slotOf(homes, 1, 1)).toBe(second);
  });
});

describe('homes', () => {
  test('are bounded: the earliest first argument of a function is forgotten for a new one', () => {
    const homes = homesOf('f');
    for (let n = 0; n < 5000; n++) homes.settle(call(n, 1), { slot: second });
    expect(homes.of(call(0, 1))).toBeUndefined();
    expect(slotOf(homes, 4999, 1)).toBe(second);
    expect(homes.countAt(second)).toBeLessThanOrEqual(1024);
  });

  test('are bounded in their functions too', () => {
    const homes = new Homes();
    for (let n = 0; n < 5000; n++) homes.learn(`f${n}`, first, 1);
    expect([homes.hasMemo('f0'), homes.hasMemo('f4999')]).toEqual([true, false]);
  });

  test('are counted where they were computed last', () => {
    const homes = homesOf('f');
    for (const n of [1, 2, 3]) homes.settle(call(n, 1), { slot: second });
    homes.settle(call(3, 2), { slot: third });
    homes.settle(call(4, 1), { slot: third });
    expect([second, third].map((slot) => homes.countAt(slot))).toEqual([2, 2]);
  });

  test('tell what a cold memo costs: what calls took where it was cold, less what they took where it was warm', () => {
    const homes = new Homes();
    expect(homes.coldMs('f')).toBe(0);
    homes.learn('f', first, 20);
    homes.settle(call(1, 1), { slot: second })?.learn(20);
    homes.settle(call(1, 2), { slot: second })?.learn(5);
    expect(homes.coldMs('f')).toBe(15);
    homes.settle(call(1, 2), { slot: third })?.learn(20);
    expect(homes.coldMs('f')).toBe(15);
  });

  test('let calls wait for as long in all as a cold memo costs, and then again', () => {
    const homes = homesOf('f');
    homes.settle(call(1, 1), { slot: second });
    const home = homes.of(call(1, 1));
    const waits = Array.from({ length: 12 }, () => home?.isWorthWaiting(2, 10));
    expect(waits.flatMap((isWorth, at) => (isWorth ? [] : [at]))).toEqual([5, 11]);
  });
});
