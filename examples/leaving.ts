import { createPool } from 'memopool';

await using pool = createPool({ workers: 1 });

// Every caller has its own signal; the computation ends only when the last caller has left.
const leaver = new AbortController();
const leaving = pool.run('fibonacci', [2_000_000], { signal: leaver.signal });
const staying = pool.run('fibonacci', [2_000_000]);
leaver.abort();
console.log(await leaving.catch((error: Error) => error.name)); // AbortError
console.log((await staying) % 1000n); // 125n

// A time limit counts the running, not the queueing.
const slow = pool.run('fibonacci', [500_000_000], { timeoutMs: 50 });
console.log(await slow.catch((error: { code: string }) => error.code)); // ERR_TIMEOUT

// A deadline counts from the call on: this one waits behind a long one.
const long = new AbortController();
const before = pool.run('fibonacci', [500_000_000], { signal: long.signal });
const queued = pool.run('fibonacci', [10], { deadlineMs: 50 });
console.log(await queued.catch((error: { code: string }) => error.code)); // ERR_DEADLINE
long.abort();
console.log(await before.catch((error: Error) => error.name)); // AbortError
