import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool, readTrace } from 'memopool';

await using pool = createPool({ workers: 1, maxsize: 3 });

const file = join(tmpdir(), 'factorials.trace.gz');
const recording = pool.record({ file, force: true });
// Five calls, one after the other and over again, where three fit: each is gone when it comes again.
for (let call = 0; call < 50; call++) await pool.fn.factorial(100 + (call % 5));

for (const { maxsize, hitRatio } of pool.stats().curve?.points ?? []) {
  console.log(`maxsize ${maxsize}: ${Math.round(100 * hitRatio)} % hits`);
}
const { events, left } = await recording.stop();
console.log(`${events} events, ${left} left out`);

const trace = await readTrace(file);
console.log(`${trace.functions}: ${trace.length} events at maxsize ${trace.header?.maxsize}`);

// maxsize 1: 0 % hits
// maxsize 2: 0 % hits
// maxsize 3: 0 % hits
// maxsize 4: 0 % hits
// maxsize 5: 90 % hits
// 97 events, 0 left out
// factorial: 97 events at maxsize 3
