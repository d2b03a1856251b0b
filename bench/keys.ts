// What a key costs, per call: memoize's and the pool's, beside JSON.stringify, which is what users write by hand (and
// which is wrong for most of these values: it drops undefined, NaN, Map, Set, and throws for a bigint).
import { memoKey } from '../src/values/key.ts';
import { snapshot } from '../src/values/snapshot.ts';
import { report } from './harness/report.ts';
import { inTurn } from './harness/rounds.ts';
import type { Measured } from './harness/row.ts';

const ROUNDS = 7;
const MIN_MS = 50;

const cases: Readonly<Record<string, readonly unknown[]>> = {
  'one number': [123_456],
  'one bigint of 64 bits': [2n ** 62n + 1n],
  'one bigint of 10,000 bits': [2n ** 10_000n + 1n],
  'two small integers': [16, 9],
  'two numbers': [16.5, 123_456],
  'three primitives': [1, 'two', true],
  'a small object': [{ width: 16, height: 9, name: 'screen' }],
  'an array of 100 numbers': [Array.from({ length: 100 }, (_, index) => index)],
  'a string of 1 MB': ['x'.repeat(2 ** 20)],
};

/** Nanoseconds a call, over a while. */
function nanoseconds(work: () => unknown): number {
  const start = performance.now();
  let calls = 0;
  while (performance.now() - start < MIN_MS) for (let i = 0; i < 20; i++, calls++) work();
  return ((performance.now() - start) * 1e6) / calls;
}

function json(args: readonly unknown[]): string {
  return JSON.stringify(args, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}

// As the pool does: what nobody can change is its own snapshot.
const lone = (args: readonly unknown[]) => args.length === 1 && typeof args[0] !== 'object';

const table = new Map<unknown, number>();
// Looked up, because a string is only flattened and hashed then.
const found = (key: unknown) => table.get(key);

const measured: Measured[] = [];
for (const [name, args] of Object.entries(cases)) {
  table.clear();
  table.set(memoKey(args, true), 1).set(json(args), 1);
  const poolKey = () => memoKey(lone(args) ? args : snapshot(args).args, true);
  if (found(poolKey()) !== 1) throw new Error(`${name}: the same arguments made another key`);
  const samples = await inTurn(ROUNDS, {
    memoize: () => nanoseconds(() => found(memoKey(args, true))),
    pool: () => nanoseconds(() => found(poolKey())),
    json: () => nanoseconds(() => found(json(args))),
  });
  for (const ours of ['memoize', 'pool']) {
    measured.push({
      what: `${ours}'s key and look-up, ${name}`,
      ours: samples.median(ours),
      peer: 'JSON.stringify',
      theirs: samples.median('json'),
      unit: 'ns',
      better: 'lower',
    });
  }
}
report('keys', measured);
