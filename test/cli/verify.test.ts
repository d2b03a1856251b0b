import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/cli/answer.ts';
import { deliver } from '../../src/cli/deliver.ts';
import { reportOf, VerificationFailed } from '../../src/cli/failure.ts';
import type { CommandIo } from '../../src/cli/io.ts';
import { OutputFile } from '../../src/cli/output-file.ts';
import type { Piece } from '../../src/cli/pieces.ts';
import { DigitResidues } from '../../src/cli/residue.ts';
import { type Claim, verifyDigits, withoutNewline } from '../../src/cli/verify.ts';
import { fibonacciMod } from '../../src/kernels/fibonacci-residue.ts';
import { isPrime, randomPrimes } from '../../src/kernels/primes-60.ts';
import { Counters, cacheInfo } from '../../src/stats.ts';
import { DigitsHandle } from '../../src/values/digits-handle.ts';
import { encodeText } from '../../src/values/text-bytes.ts';
import { fibonacci } from '../../workers/functions/fibonacci.ts';
import { temporaryDirectory } from './command.ts';

const ALIVE = new AbortController().signal;
const QUIET = { signal: ALIVE, onChecked() {} };

function digitsOf({ n, base }: Claim): string {
  return fibonacci(n).toString(base);
}

/** The bytes of a text, `size` at a time. */
function* cut(text: string, size: number): Generator<Uint8Array> {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size));
}

function verify(text: string, claim: Claim, size = 1000) {
  return verifyDigits(cut(text, size), claim, QUIET);
}

describe('digits that are verified', () => {
  it('pass as those of the Fibonacci number, however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt({ min: -9000n, max: 9000n }),
        fc.constantFrom(10, 16) as fc.Arbitrary<10 | 16>,
        fc.integer({ min: 1, max: 3000 }),
        async (n, base, size) => {
          const text = digitsOf({ n, base });
          const { digits, residues } = await verify(text, { n, base }, size);
          expect(digits).toBe(text.replace('-', '').length);
          for (const { prime, residue } of residues) {
            expect(residue).toBe(((fibonacci(n) % prime) + prime) % prime);
          }
        },
      ),
    );
  });

  it('do not pass with one digit changed, wherever it is and whatever it is changed to', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt({ min: 100n, max: 9000n }),
        fc.constantFrom(10, 16) as fc.Arbitrary<10 | 16>,
        fc.nat(),
        fc.integer({ min: 1, max: 9 }),
        async (n, base, place, by) => {
          const text = digitsOf({ n, base });
          const at = place % text.length;
          const changed = ((Number.parseInt(text.charAt(at), base) + by) % base).toString(base);
          const tampered = text.slice(0, at) + changed + text.slice(at + 1);
          await expect(verify(tampered, { n, base })).rejects.toThrow(/modulo the prime \d+, got/);
        },
      ),
    );
  });

  const claim = { n: -1000n, base: 10 } as const;
  const right = digitsOf(claim);
  const HEX = { n: 1001n, base: 16 } as const;

  it.each([
    ['a digit too few', right.slice(0, -1), claim, /expected 209 digits, got 208/],
    ['a digit too many', `${right}0`, claim, /expected 209 digits, got more/],
    ['nothing', '', claim, /expected 209 digits, got 0/],
    ['another sign', right.slice(1), claim, /expected a negative number/],
    ['a sign that is none of its own', `-${fibonacci(1001)}`, { ...claim, n: 1001n }, /expected a positive/],
    ['a zero in front', `-0${right.slice(1, -1)}`, claim, /modulo the prime/],
    ['a space in it', right.replace(/\d$/, ' '), claim, /got the byte 32 in the place of digit 209/],
    ['a sign in it', right.replace(/\d$/, '-'), claim, /got the byte 45/],
    ['a prefix', `0x${digitsOf(HEX).slice(2)}`, HEX, /got the byte 120 in the place of digit 2/],
    ['capital digits', digitsOf(HEX).toUpperCase(), HEX, /got the byte 6\d/],
  ] as const)('do not pass with %s', async (_, text, said, message) => {
    await expect(verify(text, said)).rejects.toThrow(VerificationFailed);
    await expect(verify(text, said)).rejects.toThrow(message);
  });

  it('are not read on when aborted', async () => {
    const controller = new AbortController();
    const onChecked = () => controller.abort();
    const options = { signal: controller.signal, onChecked };
    await expect(verifyDigits(cut(right, 50), claim, options)).rejects.toThrow('abort');
  });

  it('in a file are those before the newline at its end', async () => {
    async function* read(text: string, size: number) {
      yield* cut(text, size);
    }
    for (const size of [1, 2, 3, 4, 100]) {
      const parts: Uint8Array[] = [];
      for await (const part of withoutNewline(read('123\n', size))) parts.push(part);
      expect(Buffer.concat(parts).toString()).toBe('123');
    }
    const unended = verifyDigits(withoutNewline(read(`${right}x`, 300)), claim, QUIET);
    await expect(unended).rejects.toThrow('does not end with a newline');
  });
});

describe('delivering what is to be verified', () => {
  const text = digitsOf({ n: 5000n, base: 10 });
  const tampered = `${text.slice(0, 500)}${text.charAt(500) === '7' ? '8' : '7'}${text.slice(501)}`;

  function answer(digits: string): Answer {
    const result = { kind: 'handle', digits: new DigitsHandle(encodeText(digits)) } as const;
    const cache = cacheInfo(new Counters(), { maxsize: null, maxBytes: null });
    return { name: 'fibonacci', args: [5000], result, elapsedMs: 1, cache };
  }

  function surroundings() {
    const written: Piece[] = [];
    const said: string[] = [];
    const io: CommandIo = {
      cwd: '/',
      env: {},
      stdin: (async function* () {})(),
      askForTime() {},
      stdout: { reader: 'program', columns: undefined, write: async (piece) => void written.push(piece) },
      stderr: { isTerminal: false, columns: undefined, write: (line) => said.push(line) },
      signal: ALIVE,
      launch: () => Promise.resolve(0),
      now: () => 0,
    };
    return { io, progress: { enter() {}, advance() {}, say() {}, hide() {}, clear() {} }, written, said };
  }

  const claim = { n: 5000n, base: 10 } as const;

  it('writes it when it is right, after it was verified', async () => {
    const around = surroundings();
    await deliver(answer(text), { file: undefined, json: false, claim }, around);
    expect(Buffer.concat(around.written.map((piece) => Buffer.from(piece))).toString()).toBe(`${text}\n`);
    expect(around.said).toEqual([expect.stringMatching(/^memopool: F\(5000\) verified: 1,045 digits; /)]);
  });

  it.each([true, false])('writes nothing when a digit is wrong; as JSON: %s', async (json) => {
    const around = surroundings();
    const delivering = deliver(answer(tampered), { file: undefined, json, claim }, around);
    await expect(delivering).rejects.toThrow(
      /^The digits are not those of F\(5000\): .*\. Nothing was written\.$/,
    );
    expect([around.written, around.said]).toEqual([[], []]);
  });

  it('puts no file in its place when a digit is wrong', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'f');
    const file = await OutputFile.open(path, { force: false, signal: ALIVE });
    const error: unknown = await deliver(answer(tampered), { file, json: true, claim }, surroundings()).catch(
      (reason: unknown) => reason,
    );
    expect(existsSync(path)).toBe(false);
    await file.close();
    expect(readdirSync(directory)).toEqual([]);
    expect(reportOf(error, { debug: false })).toEqual({
      exitCode: 3,
      message: expect.stringContaining(`modulo the prime`),
    });
    expect(String(error)).toContain(`${path} was not written.`);
  });

  it('verifies a file by what stands in it', async () => {
    const path = join(temporaryDirectory(), 'f');
    const file = await OutputFile.open(path, { force: false, signal: ALIVE });
    // What a disk might do to it.
    const write = file.write.bind(file);
    file.write = (piece) => write(Buffer.from(piece).toString().replace(text, tampered));
    await expect(deliver(answer(text), { file, json: false, claim }, surroundings())).rejects.toThrow(
      VerificationFailed,
    );
    await file.close();
    expect(existsSync(path)).toBe(false);
  });
});

describe('the primes', () => {
  it('are told from other numbers', () => {
    const isPlainlyPrime = (n: number) => {
      for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
      return n > 1;
    };
    for (let n = 0; n < 5000; n++) expect([n, isPrime(BigInt(n))]).toEqual([n, isPlainlyPrime(n)]);
    // Strong pseudoprimes to the first bases: OEIS A014233.
    for (const n of [2047n, 1_373_653n, 25_326_001n, 3_215_031_751n, 341_550_071_728_321n]) {
      expect(isPrime(n)).toBe(false);
    }
    expect(isPrime(3_825_123_056_546_413_051n)).toBe(false);
    expect(isPrime(2n ** 61n - 1n)).toBe(true);
    expect(isPrime((2n ** 31n - 1n) ** 2n)).toBe(false);
  });

  it('are different ones of 60 bits, others each time', () => {
    const primes = Array.from({ length: 20 }, () => randomPrimes(2)).flat();
    for (const prime of primes) {
      expect(isPrime(prime)).toBe(true);
      expect(prime.toString(2)).toHaveLength(60);
    }
    expect(new Set(primes).size).toBe(40);
  });

  it('know what a Fibonacci number is modulo them', () => {
    for (let n = -200n; n <= 200n; n++) {
      for (const p of [2n, 3n, 5n, 11n, 2n ** 61n - 1n]) {
        expect([n, p, fibonacciMod(n, p)]).toEqual([n, p, ((fibonacci(n) % p) + p) % p]);
      }
    }
  });
});

describe('the residues of digits', () => {
  it('are those of the number, however the digits are cut', () => {
    const number = fc.bigInt({ min: 0n, max: 10n ** 2000n });
    const sizes = fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(number, fc.constantFrom(10, 16) as fc.Arbitrary<10 | 16>, sizes, (value, base, cuts) => {
        const moduli = [1_000_000_007n, 2n ** 61n - 1n, 97n];
        const residues = new DigitResidues(base, moduli);
        const text = value.toString(base);
        for (let at = 0, i = 0; at < text.length; i++) {
          const size = cuts[i % cuts.length] ?? 1;
          residues.add(Buffer.from(text.slice(at, at + size)));
          at += size;
        }
        expect(residues.values).toEqual(moduli.map((modulus) => value % modulus));
      }),
    );
  });
});
