import { memoize } from 'memopool/memoize';

// Python's lru_cache in one line; the memo keeps the 128 results used last.
const fib = memoize((n: number): bigint => (n < 2 ? BigInt(n) : fib(n - 1) + fib(n - 2)));

console.log(fib(90)); // 2880067194370816120n
const { hits, misses, maxsize, currsize } = fib.cacheInfo();
console.log(hits, misses, maxsize, currsize); // 88 91 128 91

fib.cacheClear();
console.log(fib.cacheInfo().currsize); // 0
console.log(fib.cacheParameters()); // { maxsize: 128, typed: true }
console.log(fib.wrapped(5), fib.cacheInfo().misses); // 5n 5
