import { expect, test } from 'vitest';
import { randomPrimes } from '../../src/kernels/primes-60.ts';
import { residuesOfText } from '../../src/kernels/residue-text.ts';

function* chunksOf(text: Uint8Array, longest: number): Generator<Uint8Array> {
  for (let at = 0; at < text.length; ) {
    const end = at + Math.floor(Math.random() * (longest + 1));
    yield text.subarray(at, end);
    at = end;
  }
}

const value = 7n ** 500_000n;
const text = Uint8Array.from(Buffer.from(value.toString()));

test.each([1, 31, 1000, 65_536, 131_072, 1_000_000])(
  'a text in chunks of at most %i characters has the residues of its number',
  (longest) => {
    const part = longest === 1 ? text.subarray(0, 5000) : text;
    const number = longest === 1 ? BigInt(Buffer.from(part).toString()) : value;
    for (const count of [1, 2] as const) {
      const primes = randomPrimes(count);
      expect(residuesOfText(chunksOf(part, longest), primes)).toEqual(primes.map((p) => number % p));
    }
  },
);

test('leading zeros do not matter', () => {
  const primes = randomPrimes(2);
  const zeros = new Uint8Array(200_000).fill(0x30);
  expect(residuesOfText([zeros, text], primes)).toEqual(residuesOfText([text], primes));
});

test('a chunk may be written over once the next is asked for', () => {
  const primes = randomPrimes(2);
  const buffer = new Uint8Array(100);
  function* reused(): Generator<Uint8Array> {
    for (let at = 0; at < 10_000; at += 100) {
      buffer.set(text.subarray(at, at + 100));
      yield buffer;
    }
  }
  expect(residuesOfText(reused(), primes)).toEqual(residuesOfText([text.subarray(0, 10_000)], primes));
});

test('a text of no characters, and one with others than digits, are refused', () => {
  const primes = randomPrimes(1);
  expect(() => residuesOfText([], primes)).toThrow('got an empty text');
  expect(() => residuesOfText([new Uint8Array(0)], primes)).toThrow('got an empty text');
  for (const wrong of ['12\n', '-12', '1.2', '1 2']) {
    expect(() => residuesOfText([text, Buffer.from(wrong)], primes)).toThrow('expected decimal digits only');
  }
  expect(() => residuesOfText([text], [])).toThrow('expected one or two primes, got 0');
});
