// What numbers by the transform are compared with: BigInt.

/** F(n) and L(n), by doubling. */
export function fibonacciAndLucas(n: number): { readonly fibonacci: bigint; readonly lucas: bigint } {
  let [a, b] = [0n, 1n]; // F(k), F(k+1)
  for (const bit of n.toString(2)) {
    const even = a * (2n * b - a);
    const odd = a * a + b * b;
    [a, b] = bit === '1' ? [odd, even + odd] : [even, odd];
  }
  return { fibonacci: a, lucas: 2n * b - a };
}

/** Of bytes, the least significant first. */
export function bigintOf(bytes: Uint8Array): bigint {
  return BigInt(`0x0${Buffer.from(bytes).reverse().toString('hex')}`);
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
