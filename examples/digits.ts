import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createPool } from 'memopool';

await using pool = createPool();

// Digits that no string is made of: receiving them costs the main thread nothing, and there may be more than a string holds.
const digits = await pool.run('fibonacci', [1_000_000], { as: 'digits' });
console.log(digits.length, digits.slice(0, 10), digits.slice(-10)); // 208988 1953282128 8242546875

const file = join(tmpdir(), `fibonacci-${process.pid}.txt`);
await pipeline(Readable.from(digits.chunks()), createWriteStream(file));
const { size } = await stat(file);
console.log(size); // 208988
await rm(file);
