// What workers share, in the front cache: what is taken, and what is not.
import { serialize } from 'node:v8';
import { expect, test } from 'vitest';
import { Answer } from '../../src/answer.ts';
import { FrontCache } from '../../src/front/cache.ts';
import type { Flight } from '../../src/front/flight.ts';
import { type Granary, keepHarvest } from '../../src/front/harvest.ts';
import { Ledger } from '../../src/front/ledger.ts';
import { memoKey } from '../../src/values/key.ts';
import { encodeResult, packReply } from '../../src/wire.ts';

function granary(options: Partial<Granary> = {}): Granary {
  const front = new FrontCache({ maxsize: 100, maxBytes: null });
  return { front, ledger: new Ledger(), typed: true, share: 'clone', ...options };
}

function sharedBy({ front, ledger, typed }: Granary, name: string, args: readonly unknown[]): unknown {
  return front.peek(ledger.of(name).plain, memoKey(args, typed))?.read();
}

function packed(value: unknown): unknown {
  return packReply({ ok: true, result: encodeResult(value), computeMs: 1 });
}

test('calls of any number of arguments are found by them, with what computing took', () => {
  const to = granary();
  keepHarvest(['harvest', ['f', 1, [1, 'a'], [10, 20], [5, 6]], ['g', 2, [1, 2, 3, 4], [3, 7], [1, 1]]], to);
  keepHarvest(
    ['harvest', ['h', 0, [[], serialize([{ x: 1 }, 2])], [packed(2n ** 80n), packed([1])], [1, 1]]],
    to,
  );
  expect(sharedBy(to, 'f', [1])).toBe(10);
  expect(sharedBy(to, 'f', ['a'])).toBe(20);
  expect(sharedBy(to, 'g', [3, 4])).toBe(7);
  expect(sharedBy(to, 'h', [])).toBe(2n ** 80n);
  expect(sharedBy(to, 'h', [{ x: 1 }, 2])).toEqual([1]);
  expect(sharedBy(to, 'g', [1])).toBeUndefined();
  expect(to.front.peek(to.ledger.of('f').plain, '"a')?.computeMs).toBe(6);
  expect(to.ledger.total()).toMatchObject({ harvested: 6, currsize: 6, hits: 0, misses: 0 });
});

test('without types 3 and 3n are one call', () => {
  const to = granary({ typed: false });
  keepHarvest(['harvest', ['f', 1, [3n, 3], ['first', 'second'], [1, 1]]], to);
  expect(sharedBy(to, 'f', [3])).toBe('first');
  expect(to.ledger.total().harvested).toBe(1);
});

test('an entry that is there stays, and a computation under way is left to its callers', () => {
  const to = granary();
  const line = to.ledger.of('f').plain;
  to.front.put(line, 1, new Answer(8, 1, 'asked for'));
  line.flights.set(2, {} as unknown as Flight);
  keepHarvest(['harvest', ['f', 1, [1, 2, 3], ['a', 'b', 'c'], [1, 1, 1]]], to);
  expect([1, 2, 3].map((n) => sharedBy(to, 'f', [n]))).toEqual(['asked for', undefined, 'c']);
});

test('what cannot be read is passed over', () => {
  const to = granary();
  const broken = { ok: true, result: { kind: 'bytes', bytes: new Uint8Array(3), immutable: false } };
  keepHarvest(
    ['harvest', ['f', 1, [1, 2], [broken, 'fine'], [1, 1]], ['g', 0, [new Uint8Array(2)], [1], [1]]],
    to,
  );
  expect([1, 2].map((n) => sharedBy(to, 'f', [n]))).toEqual([undefined, 'fine']);
  expect(to.ledger.total().harvested).toBe(1);
});
