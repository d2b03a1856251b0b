import { createPool } from 'memopool';

await using pool = createPool();

// Decimal digits cost several times the number itself: they are made in the worker, not on the main thread.
const digits = await pool.run('fibonacci', [1_000_000], { as: 'decimal' });
console.log(digits.length, digits.slice(0, 10), digits.slice(-10)); // 208988 1953282128 8242546875

const bytes = await pool.run('fibonacci', [1_000_000], { as: 'bytes' }); // little-endian, two's complement
console.log(bytes.byteLength); // 86781
