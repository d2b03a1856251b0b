// The function of a pool that makes the digits of a large bigint in a worker.

export function digitsOf(value: bigint): string {
  return value.toString();
}
