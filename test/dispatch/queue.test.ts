import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Place, Queue } from '../../src/dispatch/queue.ts';

const operation = fc.oneof(
  { weight: 5, arbitrary: fc.constant('push' as const) },
  { weight: 3, arbitrary: fc.constant('shift' as const) },
  { weight: 4, arbitrary: fc.nat({ max: 40 }) }, // takes out the item that was pushed as the n-th
);

describe('the queue', () => {
  test('does what an array does, whoever leaves from its middle', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 100, size: 'max' }), (operations) => {
        const queue = new Queue<number>();
        let model: number[] = [];
        const places: Place<number>[] = [];
        for (const step of operations) {
          if (step === 'push') {
            model.push(places.length);
            places.push(queue.push(places.length));
          } else if (step === 'shift') {
            expect(queue.shift()).toBe(model.shift());
          } else {
            const place = places[step];
            if (place === undefined) continue;
            expect(queue.remove(place)).toBe(model.includes(step));
            model = model.filter((item) => item !== step);
          }
          expect(queue.size).toBe(model.length);
        }
        while (model.length > 0) expect(queue.shift()).toBe(model.shift());
        expect(queue.shift()).toBeUndefined();
        expect(queue.size).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  test('gives nothing when it is empty, and goes on afterwards', () => {
    const queue = new Queue<string>();
    expect(queue.shift()).toBeUndefined();
    queue.push('a');
    expect([queue.shift(), queue.shift(), queue.size]).toEqual(['a', undefined, 0]);
    queue.push('b');
    expect(queue.shift()).toBe('b');
  });

  test('takes an item out once', () => {
    const queue = new Queue<string>();
    const [a, b] = [queue.push('a'), queue.push('b')];
    expect(queue.remove(a)).toBe(true);
    expect(queue.remove(a)).toBe(false);
    expect(queue.shift()).toBe('b');
    expect(queue.remove(b)).toBe(false);
  });

  test('holds equal items apart', () => {
    const queue = new Queue<string>();
    queue.push('same');
    const second = queue.push('same');
    queue.push('other');
    queue.remove(second);
    expect([queue.shift(), queue.shift(), queue.shift()]).toEqual(['same', 'other', undefined]);
  });
});
