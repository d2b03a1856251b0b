import { describe, expect, test } from 'vitest';
import { KeyHash } from '../../src/recording/hash-key.ts';
import { type MemoKey, memoKey } from '../../src/values/key.ts';

const seeds = Int32Array.of(0x1234567, -0x7654321);

function* manyKeys(): Generator<MemoKey> {
  for (let n = 0; n < 100_000; n++) yield n;
  for (let n = 1; n < 20_000; n++) yield* [-n, n / 1000, 2 ** 40 + n, 2 ** 52 * n];
  for (let n = -20_000n; n < 20_000n; n++) yield* [n, n << 40n];
  for (let n = 0; n < 50_000; n++) yield* [`"${n}`, `"key:${n % 100}:${Math.floor(n / 100)}`];
  for (let x = 0; x < 300; x++) for (let y = 0; y < 300; y++) yield memoKey([x, `${y}`], true);
  for (let n = 0; n < 2000; n++) yield* [`"${'a'.repeat(n)}`, `"${'\0'.repeat(n)}`];
  yield* [true, false, null, undefined, Number.NaN, Infinity, -Infinity];
}

describe('keys in a trace', () => {
  test('have a number each, among half a million alike', () => {
    const hash = new KeyHash(seeds);
    const calls = new Set<MemoKey>();
    const numbers = new Set<number>();
    for (const key of manyKeys()) {
      calls.add(key);
      numbers.add(hash.hash(0, key));
    }
    expect(calls.size).toBeGreaterThan(400_000);
    expect(numbers.size).toBe(calls.size);
    expect([...numbers].every((number) => Number.isSafeInteger(number) && number > 0)).toBe(true);
  });

  test('are others in another line', () => {
    const hash = new KeyHash(seeds);
    const numbers = new Set<number>();
    for (let line = 0; line < 100; line++)
      for (let key = 0; key < 1000; key++) numbers.add(hash.hash(line, key));
    expect(numbers.size).toBe(100_000);
  });

  test('have the same number when they are the same key', () => {
    const hash = new KeyHash(seeds);
    expect(hash.hash(1, -0)).toBe(hash.hash(1, 0));
    expect(hash.hash(1, Number.NaN)).toBe(
      hash.hash(1, new Float64Array(new Uint32Array([1, 0x7ff80001]).buffer)[0]),
    );
    expect(hash.hash(2, memoKey([{ a: 1, b: [2] }], true))).toBe(
      hash.hash(2, memoKey([{ b: [2], a: 1 }], true)),
    );
  });

  test('have other numbers in every recording', () => {
    const keys = Array.from({ length: 100 }, (_, n) => n);
    const first = new KeyHash();
    const second = new KeyHash();
    const both = new Set(keys.flatMap((key) => [first.hash(0, key), second.hash(0, key)]));
    expect(both.size).toBe(200);
  });

  // A sample of keys is taken by their hash: so every bit of it has to be even, and to change with every bit of a key.
  test('are spread evenly over every bit, whatever stands next to what', () => {
    const hash = new KeyHash(seeds);
    const count = 20_000;
    const changes = new Float64Array(53);
    const ones = new Float64Array(53);
    for (let key = 0; key < count; key++) {
      const one = BigInt(hash.hash(0, key));
      const other = BigInt(hash.hash(0, key ^ (1 << (key % 20))));
      for (let bit = 0; bit < 53; bit++) {
        ones[bit] = (ones[bit] ?? 0) + Number((one >> BigInt(bit)) & 1n);
        changes[bit] = (changes[bit] ?? 0) + Number(((one ^ other) >> BigInt(bit)) & 1n);
      }
    }
    // Six standard deviations of a fair coin thrown so often are 0.021.
    for (const bit of ones) expect(Math.abs(bit / count - 0.5)).toBeLessThan(0.021);
    for (const bit of changes) expect(Math.abs(bit / count - 0.5)).toBeLessThan(0.021);
  });
});
