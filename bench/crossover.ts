// From which n on are Fibonacci numbers faster by the transform than by BigInt, on one thread and warm: as decimal text, and
// as a bigint in hand? That is APPLIES_FROM in src/kernels/numbers.ts.

import { deserialize } from 'node:v8';
import { APPLIES_FROM, makeNumber } from '../src/kernels/numbers.ts';
import { openEngine } from '../src/kernels/transform/open.ts';
import { roomForBigint } from '../src/values/bigint-bytes.ts';
import { machineLine, thisMachine } from './harness/machine.ts';
import { aligned } from './harness/report.ts';
import { inTurn } from './harness/rounds.ts';

const ROUNDS = 15;
const MIN_MS = 20;
const SIZES = [2e4, 5e4, 6e4, 7e4, 1e5, 1.4e5, 1.6e5, 1.8e5, 2e5, 4e5, 1e6];

const engine = openEngine();

// F(n), F(n-1): two squarings a step, as workers/functions/fibonacci-pair.ts.
function byBigInt(n: number): bigint {
  let [a, b] = [0n, 1n];
  let k = 0;
  for (const bit of n.toString(2)) {
    const aa = a * a;
    const bb = b * b;
    const below = aa + bb;
    const above = (aa << 2n) - bb + (k % 2 === 0 ? 2n : -2n);
    [a, b] = bit === '1' ? [above, above - below] : [above - below, below];
    k = 2 * k + Number(bit);
  }
  return a;
}

function byTransform(n: number): bigint {
  let encoded = new Uint8Array();
  const into = (length: number) => {
    const room = roomForBigint(length, false);
    encoded = room.encoded;
    return room.digits;
  };
  makeNumber(engine, { sequence: 'fibonacci', n, form: 'bytes', into });
  return deserialize(encoded) as bigint;
}

const textByTransform = (n: number): Uint8Array =>
  makeNumber(engine, { sequence: 'fibonacci', n, form: 'text' });

/** Milliseconds a call, over a while. */
function milliseconds(work: () => unknown): number {
  const start = performance.now();
  let calls = 0;
  for (; performance.now() - start < MIN_MS; calls++) work();
  return (performance.now() - start) / calls;
}

const lines = [['n', 'value: BigInt, ms', 'transform', 'text: BigInt, ms', 'transform']];
for (const n of SIZES) {
  if (byTransform(n) !== byBigInt(n)) throw new Error(`F(${n}) is wrong`);
  const samples = await inTurn(ROUNDS, {
    value: () => milliseconds(() => byBigInt(n)),
    'value by transform': () => milliseconds(() => byTransform(n)),
    text: () => milliseconds(() => byBigInt(n).toString()),
    'text by transform': () => milliseconds(() => textByTransform(n)),
  });
  const names = ['value', 'value by transform', 'text', 'text by transform'];
  lines.push([String(n), ...names.map((name) => samples.median(name).toFixed(3))]);
}
console.log(`${machineLine(thisMachine())}\n\n${aligned(lines)}\n`);
console.log(`It is used from n = ${APPLIES_FROM.bytes} on for the value, ${APPLIES_FROM.text} for text.`);
