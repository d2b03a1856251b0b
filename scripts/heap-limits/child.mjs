// One pattern of growth in a pool of one worker: tells on stdout what the call came to, and whether the pool works on.
import { createPool } from 'memopool';

const [pattern, limit] = process.argv.slice(2);
const pool = createPool({
  workers: 1,
  workerMemoryMb: Number(limit),
  functions: new URL('./growth.mjs', import.meta.url),
});
const outcome = await pool.run(pattern, []).then(
  ({ megabytes }) => `not limited: ${megabytes} MB resident`,
  ({ name, code, message }) => `rejects, ${code ?? `${name}: ${message}`}`,
);
const goesOn = (await pool.run('triple', [14])) === 42;
console.log(goesOn ? outcome : `${outcome}; the pool is not usable`);
await pool.close();
