// How much memory a process has before, with and after a big number, in megabytes: prints them as JSON.
import { setTimeout as sleep } from 'node:timers/promises';
import { createPool } from '../../../src/index.ts';

type BigNumbers = typeof import('../../fixtures/modules/big-numbers.ts');

// In some 330 MB: above what is kept for long.
const N = 400_000_000;
const LOOK_MS = 250;
const PATIENCE_MS = 20_000;

const functions = new URL('../../fixtures/modules/big-numbers.ts', import.meta.url);
const rssMb = () => process.memoryUsage.rss() / 2 ** 20;

const pool = createPool<BigNumbers>({ workers: 2, functions });
await pool.fn.helpedResidue(2_000_000); // the modules are there, on both threads
const before = rssMb();
await pool.fn.helpedResidue(N);
const made = rssMb();
let after = made;
for (let waited = 0; waited < PATIENCE_MS && after > (before + made) / 2; waited += LOOK_MS) {
  await sleep(LOOK_MS);
  after = rssMb();
}
console.log(JSON.stringify({ before, made, after }));
await pool.close();
