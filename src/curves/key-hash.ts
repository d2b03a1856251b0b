// A number's 32-bit hash, which tells whether the number is in a sample: small numbers and hashes do alike as keys.
// Multiply and shift by the constants of A. Appleby's MurmurHash3, over both halves.

/** @param key a whole number of up to 53 bits */
export function hashKey(key: number): number {
  const high = (key * 2 ** -32) | 0;
  let hash = key | 0;
  hash = Math.imul(hash ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 13), 0x85ebca6b);
  return (hash ^ (hash >>> 16)) >>> 0;
}
