import { createPool } from 'memopool';
import { fromDecimal, multiply, power, toDecimal } from 'memopool/bigint';

// On this thread, while it waits.
const mersenne = power(2, 1_398_269) - 1n; // a prime
const text = toDecimal(mersenne);
console.log(text.length, text.slice(0, 8), text.slice(-8)); // 420921 81471756 51315711
console.log(fromDecimal(text) === mersenne); // true

const perfect = multiply(mersenne, power(2, 1_398_268));
console.log(toDecimal(perfect).length); // 841842

// In a worker, by the same names.
await using pool = createPool();
const square = await pool.run('square', [mersenne], { as: 'handle' });
console.log(square.bits); // 2796538
