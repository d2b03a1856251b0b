import { createPool } from 'memopool';

// Ten thousand calls of microseconds each, made in one turn: they travel to the workers by the hundred.
await using pool = createPool({ maxsize: 10_000 });
const calls = Array.from({ length: 10_000 }, (_, n) => pool.fn.fibonacciMod(n, 1000));
console.log((await Promise.all(calls)).at(-1)); // 626n

// With a budget the main thread computes such calls itself, for at most 2 ms in each turn of the event loop.
await using quick = createPool({ inlineMs: 2 });
for (let m = 2; m < 5000; m++) await quick.fn.fibonacciMod(100, m);
console.log(quick.stats().inline > 1000); // true
