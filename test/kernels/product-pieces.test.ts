// A long number by a short one, in pieces: every digit of both may be as large as digits get.
import { expect, test } from 'vitest';
import { resultDigits, transformBytes, workBytes } from '../../src/kernels/transform/engine.ts';
import { openEngine } from '../../src/kernels/transform/open.ts';
import { multiplyPieces, piecesDigits } from '../../src/kernels/transform/product-pieces.ts';

const ROWS = 1;
const BITS = 12;
const SHORTER = 60;

const PRIME = (1n << 61n) - 1n;

/** The number modulo a prime. */
function residueOf(digits: Iterable<number>): bigint {
  let value = 0n;
  for (const digit of [...digits].reverse()) value = ((value << BigInt(BITS)) + BigInt(digit)) % PRIME;
  return value;
}

test.each([
  ['at the upper bound', () => 2 ** (BITS - 1)],
  ['at the lower bound', () => -(2 ** (BITS - 1))],
  ['random', () => Math.round((Math.random() - 0.5) * 2 ** BITS)],
])('digits that are %s', (_, digit) => {
  const engine = openEngine();
  for (const pieces of [2, 3, 80]) {
    const plan = { bits: BITS, rows: ROWS, pieces, pieceDigits: 2048 - SHORTER };
    const room = piecesDigits(plan) * 4;
    const sizes = [room, room, 4 * resultDigits(ROWS), transformBytes(ROWS), workBytes(ROWS, 1), 4096];
    const start = engine.prepare(
      [ROWS],
      sizes.reduce((sum, size) => sum + size + 256, 0),
    );
    const at = sizes.map((__, i) => start + sizes.slice(0, i).reduce((sum, size) => sum + size + 256, 0));
    const [to = 0, longerAt = 0, product = 0, kept = 0, work = 0, shorterAt = 0] = at.map(
      (address) => Math.ceil(address / 64) * 64,
    );
    const longer = Array.from({ length: pieces * plan.pieceDigits - 100 }, digit);
    const shorter = Array.from({ length: SHORTER }, digit);
    new Int32Array(engine.buffer, longerAt, longer.length).set(longer);
    new Int32Array(engine.buffer, shorterAt, 1024).set(shorter);
    multiplyPieces(engine, {
      plan,
      longer: { at: longerAt, length: longer.length },
      shorter: { at: shorterAt, length: shorter.length },
      to,
      product,
      kept,
      work,
    });
    const found = new Int32Array(engine.buffer, to, piecesDigits(plan));
    const wrong = residueOf(found) - residueOf(longer) * residueOf(shorter);
    expect(wrong % PRIME).toBe(0n);
    expect(found.every((each) => Math.abs(each) <= 2 ** (BITS - 1) + 3)).toBe(true);
  }
});
