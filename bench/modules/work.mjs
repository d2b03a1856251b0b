// The functions that every pool computes in the benchmarks: plain JavaScript, so that no peer has a compiler in its way.

/** A few nanoseconds of work: one whole number scrambled into another. */
export function mix(n) {
  let hash = Math.imul(n ^ (n >>> 16), 0x45d9f3b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** As much work as asked for: `turns` steps of a linear congruential generator from `seed`. */
export function spin(seed, turns) {
  let state = seed >>> 0;
  for (let turn = 0; turn < turns; turn++) state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state;
}

/** A bigint of `bytes` bytes and a bit, cheap to make: a one, zeros, and `tail` at the end. */
export function large(bytes, tail) {
  return (1n << BigInt(8 * bytes)) | BigInt(tail);
}
