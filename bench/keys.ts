// What a key costs, per call: memoize's and the pool's, beside JSON.stringify, which is what users write by hand (and
// which is wrong for most of these values: it drops undefined, NaN, Map, Set, and throws for a bigint).
import { availableParallelism, cpus } from 'node:os';
import { memoKey } from '../dist/src/values/key.js';
import { snapshot } from '../dist/src/values/snapshot.js';

const ROUNDS = 7;
const MIN_MS = 60;

interface Case {
  readonly name: string;
  readonly args: readonly unknown[];
}

const cases: readonly Case[] = [
  { name: 'one number', args: [123_456] },
  { name: 'one bigint of 64 bits', args: [2n ** 62n + 1n] },
  { name: 'one bigint of 10,000 bits', args: [2n ** 10_000n + 1n] },
  { name: 'three primitives', args: [1, 'two', true] },
  { name: 'a small object', args: [{ width: 16, height: 9, name: 'screen' }] },
  { name: 'an array of 100 numbers', args: [Array.from({ length: 100 }, (_, index) => index)] },
  { name: 'a string of 1 MB', args: ['x'.repeat(2 ** 20)] },
];

/** Nanoseconds a call, the median of rounds that each run for a while. */
function nanoseconds(work: () => unknown): number {
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    let calls = 0;
    while (performance.now() - start < MIN_MS) for (let i = 0; i < 20; i++, calls++) work();
    samples.push(((performance.now() - start) * 1e6) / calls);
  }
  return samples.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN;
}

function json(args: readonly unknown[]): string {
  return JSON.stringify(args, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}

// As the pool does: what nobody can change is its own snapshot.
const lone = (args: readonly unknown[]) => args.length === 1 && typeof args[0] !== 'object';

const table = new Map<unknown, number>();
// Looked up, because a string is only flattened and hashed then.
const found = (key: unknown) => table.get(key);

console.log(`${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} CPUs, Node ${process.version}`);
console.log(`Nanoseconds a call, key and look-up; medians of ${ROUNDS}\n`);
console.log(
  ['', 'memoize', 'pool', 'JSON'].map((text, i) => (i === 0 ? text.padEnd(28) : text.padStart(12))).join(''),
);
for (const { name, args } of cases) {
  table.clear();
  table
    .set(memoKey(args, true), 1)

    .set(json(args), 1);
  const poolKey = () => memoKey(lone(args) ? args : snapshot(args).args, true);
  if (found(poolKey()) !== 1) throw new Error(`${name}: the same arguments made another key`);
  const figures = [
    nanoseconds(() => found(memoKey(args, true))),
    nanoseconds(() => found(poolKey())),
    nanoseconds(() => found(json(args))),
  ];
  console.log(name.padEnd(28) + figures.map((ns) => ns.toFixed(0).padStart(12)).join(''));
}
