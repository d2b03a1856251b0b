// A fresh pool's first result: ours.
import { createPool } from 'memopool';

const pool = createPool({ workers: 1, functions: new URL('../../modules/work.mjs', import.meta.url) });
console.log(await pool.run('mix', [42]));
await pool.close();
