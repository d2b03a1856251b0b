// Products, squares, and decimal texts of random bigints, beside V8's own: npm run bench -- bigint
// BIGINT_BITS=1e4,3e4 BIGINT_DIGITS=2e7 give other sizes, as those of the thresholds in src/kernels.
import { randomBytes } from 'node:crypto';
import { fromDecimal, multiply, square, toDecimal } from 'memopool/bigint';
import { report } from './harness/report.ts';
import { inTurn } from './harness/rounds.ts';
import type { Measured } from './harness/row.ts';

const ROUNDS = 5;
const MIN_MS = 20;

const sizes = (name: string, usual: string): readonly number[] =>
  (process.env[name] ?? usual).split(',').map(Number);

function random(bits: number): bigint {
  return BigInt(
    `0x8${randomBytes(Math.ceil(bits / 8))
      .toString('hex')
      .slice(1)}`,
  );
}

/** Milliseconds a call, over a while. */
function milliseconds(work: () => unknown): number {
  const start = performance.now();
  let calls = 0;
  do {
    work();
    calls++;
  } while (performance.now() - start < MIN_MS);
  return (performance.now() - start) / calls;
}

const measured: Measured[] = [];

async function compare<T>(what: string, ours: () => T, theirs: () => T): Promise<void> {
  if (ours() !== theirs()) throw new Error(`${what}: not what V8 makes`);
  const samples = await inTurn(ROUNDS, {
    ours: () => milliseconds(ours),
    v8: () => milliseconds(theirs),
  });
  measured.push({
    what,
    ours: samples.median('ours'),
    peer: 'V8',
    theirs: samples.median('v8'),
    unit: 'ms',
    better: 'lower',
  });
}

for (const bits of sizes('BIGINT_BITS', '5e4,1e5,1e6,1e7')) {
  const [a, b, short] = [random(bits), random(bits), random(bits / 16)];
  const name = bits.toLocaleString('en');
  await compare(
    `multiply, ${name} bits each`,
    () => multiply(a, b),
    () => a * b,
  );
  await compare(
    `multiply, ${name} bits by a sixteenth`,
    () => multiply(a, short),
    () => a * short,
  );
  await compare(
    `square, ${name} bits`,
    () => square(a),
    () => a * a,
  );
}

for (const digits of sizes('BIGINT_DIGITS', '3e4,1e5,1e6')) {
  const value = random(Math.floor(digits * Math.log2(10)));
  const text = value.toString();
  const name = digits.toLocaleString('en');
  await compare(
    `toDecimal, ${name} digits`,
    () => toDecimal(value),
    () => value.toString(),
  );
  await compare(
    `fromDecimal, ${name} digits`,
    () => fromDecimal(text),
    () => BigInt(text),
  );
}

report('bigint', measured);
