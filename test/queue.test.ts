import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Linked, Queue } from '../src/queue.ts';

class Item implements Linked<Item> {
  next: Item | undefined;
  previous: Item | undefined;
  isQueued = false;
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

const operation = fc.oneof(
  { weight: 5, arbitrary: fc.constant('push' as const) },
  { weight: 1, arbitrary: fc.constant('unshift' as const) },
  { weight: 3, arbitrary: fc.constant('shift' as const) },
  { weight: 4, arbitrary: fc.nat({ max: 40 }) }, // takes out the item that came as the n-th
);

describe('the queue', () => {
  test('does what an array does, whoever leaves from its middle', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 100, size: 'max' }), (operations) => {
        const queue = new Queue<Item>();
        let model: Item[] = [];
        const items: Item[] = [];
        for (const step of operations) {
          if (step === 'push' || step === 'unshift') {
            const item = new Item(String(items.length));
            items.push(item);
            model[step](item);
            queue[step](item);
          } else if (step === 'shift') {
            expect(queue.shift()).toBe(model.shift());
          } else {
            const item = items[step];
            if (item === undefined) continue;
            expect(queue.remove(item)).toBe(model.includes(item));
            model = model.filter((other) => other !== item);
          }
          expect(queue.size).toBe(model.length);
          expect(queue.first).toBe(model[0]);
          expect(queue.last).toBe(model.at(-1));
        }
        while (model.length > 0) expect(queue.shift()).toBe(model.shift());
        expect(queue.shift()).toBeUndefined();
        expect(queue.size).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  test('gives nothing when it is empty, and goes on afterwards', () => {
    const queue = new Queue<Item>();
    const [a, b] = [new Item('a'), new Item('b')];
    expect(queue.shift()).toBeUndefined();
    queue.push(a);
    expect([queue.shift(), queue.shift(), queue.size]).toEqual([a, undefined, 0]);
    queue.push(b);
    expect(queue.shift()).toBe(b);
  });

  test('takes an item out once, and takes it in again', () => {
    const queue = new Queue<Item>();
    const [a, b] = [new Item('a'), new Item('b')];
    queue.push(a);
    queue.push(b);
    expect(queue.remove(a)).toBe(true);
    expect(queue.remove(a)).toBe(false);
    expect(queue.shift()).toBe(b);
    expect(queue.remove(b)).toBe(false);
    queue.push(b);
    queue.unshift(a);
    expect([queue.shift(), queue.shift()]).toEqual([a, b]);
  });

  test('holds nothing of what has left', () => {
    const queue = new Queue<Item>();
    const items = ['a', 'b', 'c'].map((name) => new Item(name));
    for (const item of items) queue.push(item);
    for (const item of items) queue.remove(item);
    expect(items.every(({ next, previous }) => next === undefined && previous === undefined)).toBe(true);
  });
});
