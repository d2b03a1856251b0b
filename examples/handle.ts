import { createPool } from 'memopool';

await using pool = createPool();

// However large the number, receiving it as a handle costs the main thread nothing: it is decoded when asked to.
const handle = await pool.run('fibonacci', [1_000_000], { as: 'handle' });
console.log(handle.bits, handle.byteLength); // 694241 86790
console.log(handle.toBytes().length); // 86781
console.log(handle.toBigInt() % 1000n); // 875n
