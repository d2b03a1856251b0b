// Fibonacci and Lucas numbers by the transform are those of BigInt and of GMP, or there is an error.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { MOST_N, makeNumber, memoryFor, TooLargeError, WrongNumberError } from '../../src/kernels/numbers.ts';
import { LEAST_START } from '../../src/kernels/transform/doubling.ts';
import type { Engine } from '../../src/kernels/transform/engine.ts';
import { openEngine } from '../../src/kernels/transform/open.ts';
import { type Disturbance, disturbedEngine } from './disturbed-engine.ts';
import { bigintOf, fibonacciAndLucas, textOf } from './number-oracle.ts';
import { shuffledEngine } from './shuffled-crew.ts';

const engine = openEngine();

function expectRight(n: number, using: Engine = engine): void {
  const right = fibonacciAndLucas(n);
  for (const sequence of ['fibonacci', 'lucas'] as const) {
    const text = textOf(makeNumber(using, { sequence, n, form: 'text' }));
    const bytes = bigintOf(makeNumber(using, { sequence, n, form: 'bytes' }));
    if (text !== right[sequence].toString()) throw new Error(`the text of ${sequence}(${n}) is wrong`);
    if (bytes !== right[sequence]) throw new Error(`the bytes of ${sequence}(${n}) are wrong`);
  }
}

describe('a Fibonacci or Lucas number', () => {
  test('is right for every n up to the first that are doubled, and some more', () => {
    for (let n = 0; n < 2 * LEAST_START + 200; n += n < 100 ? 1 : n < 2 * LEAST_START - 20 ? 97 : 1)
      expectRight(n);
  });

  test('is right for thousands of n one after the other, as text or bytes in turn', () => {
    const from = 2 * LEAST_START;
    for (let n = from; n < from + 3000; n++) {
      const right = fibonacciAndLucas(n);
      const [asText, asBytes] =
        n % 2 === 0 ? (['fibonacci', 'lucas'] as const) : (['lucas', 'fibonacci'] as const);
      const text = textOf(makeNumber(engine, { sequence: asText, n, form: 'text' }));
      const bytes = bigintOf(makeNumber(engine, { sequence: asBytes, n, form: 'bytes' }));
      if (text !== right[asText].toString()) throw new Error(`the text of ${asText}(${n}) is wrong`);
      if (bytes !== right[asBytes]) throw new Error(`the bytes of ${asBytes}(${n}) are wrong`);
    }
  });

  test('is right for n at random', () => {
    for (let i = 0; i < 6; i++) {
      for (const most of [1e4, 1e5, 1e6]) expectRight(Math.floor(Math.random() * most));
    }
  });

  test('is the same whatever the engine has made before', () => {
    const other = openEngine();
    for (const n of [300_000, 2_100, 299_999, 5_000]) expectRight(n, other);
  });

  test('is right whichever thread does which piece of it, and in whatever order', () => {
    const { engine: shuffled, pieces } = shuffledEngine(3);
    for (const n of [2_100, 150_000, 3_000_000]) expectRight(n, shuffled);
    for (const name of ['text', 'bytes', 'residues'] as const) expect(pieces.get(name)).toBeGreaterThan(1);
  });

  test('is put where it is asked to be', () => {
    for (const n of [7, 50_000]) {
      const bare = makeNumber(engine, { sequence: 'fibonacci', n, form: 'text' });
      const room = new Uint8Array(bare.length + 22);
      const into = (length: number) => room.subarray(11, 11 + length);
      const put = makeNumber(engine, { sequence: 'fibonacci', n, form: 'text', into });
      expect([put.byteOffset, put.length]).toEqual([11, bare.length]);
      expect(Buffer.compare(put, bare)).toBe(0);
      expect([bare.byteOffset, bare.buffer.byteLength]).toEqual([0, bare.length]);
    }
  });

  test('F(0) is 0 as text and no byte as bytes', () => {
    expect(textOf(makeNumber(engine, { sequence: 'fibonacci', n: 0, form: 'text' }))).toBe('0');
    expect(makeNumber(engine, { sequence: 'fibonacci', n: 0, form: 'bytes' })).toHaveLength(0);
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 53])('is refused for n = %d', (n) => {
    expect(() => makeNumber(engine, { sequence: 'fibonacci', n, form: 'text' })).toThrow(/integer from 0 on/);
  });
});

const golden = readFileSync(new URL('../fixtures/golden/fibonacci.tsv', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => /^\d/.test(line))
  .map((line) => line.split('\t'));

test.each(golden.filter(([n]) => Number(n) <= 1e7))(
  'F(%s) has %s digits of the SHA-256 %s',
  (n, count, sha256) => {
    const text = makeNumber(engine, { sequence: 'fibonacci', n: Number(n), form: 'text' });
    expect(text).toHaveLength(Number(count));
    expect(createHash('sha256').update(text).digest('hex')).toBe(sha256);
  },
);

describe('how far it is', () => {
  test.each(['text', 'bytes'] as const)('is told from 0 to 1 for %s, and never goes back', (form) => {
    const told: number[] = [];
    makeNumber(engine, { sequence: 'fibonacci', n: 200_000, form, onProgress: (done) => told.push(done) });
    expect(told.length).toBeGreaterThan(7);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told[0]).toBeGreaterThan(0);
    expect(told.at(-1)).toBe(1);
  });

  test('stops when who is told throws, wherever it is, and the engine is usable', () => {
    const n = 5_000;
    let steps = 0;
    makeNumber(engine, { sequence: 'fibonacci', n, form: 'text', onProgress: () => steps++ });
    for (let at = 0; at < steps; at++) {
      let left = at;
      const onProgress = (): void => {
        if (left-- === 0) throw new Error('stopped');
      };
      expect(() => makeNumber(engine, { sequence: 'fibonacci', n, form: 'text', onProgress })).toThrow(
        'stopped',
      );
      expectRight(n);
    }
  });
});

describe('the memory', () => {
  test.each([
    ['text', 2_048],
    ['text', 1_000_000],
    ['bytes', 5_000],
    ['bytes', 3_000_000],
  ] as const)('for %s of n = %i is what was said', (form, n) => {
    const fresh = openEngine();
    const said = memoryFor(n, form);
    const result = makeNumber(fresh, { sequence: 'lucas', n, form });
    expect(fresh.buffer.byteLength).toBe(Math.ceil(said.engine / 65_536) * 65_536);
    expect(result.length).toBeLessThanOrEqual(said.result);
    expect(result.length).toBeGreaterThan(said.result - 3);
  });

  test.each(['text', 'bytes'] as const)(
    'of 32-bit addresses is enough for the most n as %s, and for no more',
    (form) => {
      const stopped = new Error('stopped');
      const begin = (n: number) => {
        const onProgress = (): never => {
          throw stopped;
        };
        makeNumber(openEngine(), { sequence: 'fibonacci', n, form, onProgress });
      };
      expect(memoryFor(MOST_N[form], form).engine).toBeLessThan(2 ** 32 - 65_536);
      expect(() => begin(MOST_N[form])).toThrow(stopped);
      expect(() => begin(MOST_N[form] + 1)).toThrow(TooLargeError);
      expect(MOST_N[form]).toBeGreaterThan(3.8e9);
    },
  );

  test('that 32-bit addresses do not reach is refused before any is taken, with what it would be', () => {
    const fresh = openEngine();
    const before = fresh.buffer.byteLength;
    for (const n of [Math.max(MOST_N.text, MOST_N.bytes) + 1, 2 ** 43, Number.MAX_SAFE_INTEGER]) {
      const make = () => makeNumber(fresh, { sequence: 'fibonacci', n, form: 'text' });
      expect(make).toThrow(TooLargeError);
      expect(make).toThrow(/takes up to \d+ MB of the 4295 MB .* a result of \d+ MB/);
      expect(() => makeNumber(fresh, { sequence: 'lucas', n, form: 'bytes' })).toThrow(TooLargeError);
    }
    expect(fresh.buffer.byteLength).toBe(before);
  });
});

describe('a fault in the making', () => {
  const forms = ['text', 'bytes'] as const;
  const faults: readonly [string, Disturbance][] = [
    ['a wrong digit', 'digit'],
    ['a digit of zero, the highest of a piece', 'zero'],
    ['a digit far too large', 'huge'],
    ['a wrong byte of what was written', 'byte'],
    ['a rounding error', 'rounding'],
  ];
  for (const form of forms) {
    for (const n of [2_500, 100_003]) {
      test.each(faults)(`that is %s is mended by smaller digits, n = ${n}, as ${form}`, (_, disturbance) => {
        const { engine: disturbed, bases } = disturbedEngine(disturbance, 1);
        const { fibonacci } = fibonacciAndLucas(n);
        const result = makeNumber(disturbed, { sequence: 'fibonacci', n, form });
        expect(form === 'text' ? BigInt(textOf(result)) : bigintOf(result)).toBe(fibonacci);
        expect(bases.size).toBe(2);
      });

      test.each(faults)(`that is always %s ends in an error, n = ${n}, as ${form}`, (_, disturbance) => {
        const { engine: disturbed, bases, calm } = disturbedEngine(disturbance, Number.POSITIVE_INFINITY);
        const make = () => makeNumber(disturbed, { sequence: 'lucas', n, form });
        expect(make).toThrow(WrongNumberError);
        expect(make).toThrow(`L(${n}) came out wrong 3 times`);
        expect(bases.size).toBe(3);
        calm();
        expectRight(n, disturbed);
      });
    }
  }
});
