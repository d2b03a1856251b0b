// What the load tests compute: right answers that are known beforehand, and every fault that a function can have.
import { memoize } from 'memopool/memoize';

export function twice(n) {
  return 2 * n;
}

export async function later(n) {
  await new Promise((resolve) => setTimeout(resolve, n % 3));
  return n + 1;
}

export const fib = memoize((n) => (n < 2 ? BigInt(n) : fib(n - 1) + fib(n - 2)), { maxsize: 100 });

export const sum = memoize((n) => (n === 0 ? 0 : n + sum(n - 1)), { maxsize: null });

export function list(n) {
  return { items: Array.from({ length: n % 50 }, (_, index) => index * n), tags: new Set([n]) };
}

export function text(n) {
  return 'x'.repeat(n);
}

export function throwError(n) {
  throw Object.assign(new RangeError(`thrown for ${n}`), { code: 'E_MINE', n });
}

export function throwValue(_n) {
  throw null;
}

export function uncloneable(_n) {
  return { inside: [() => 1] };
}

export function overflow(n) {
  return 1 + overflow(n + 1);
}

export function exitOr(n, exits) {
  if (exits) process.exit(n % 256);
  return 2 * n;
}

export function lateError(n) {
  setImmediate(() => {
    throw new Error('left behind');
  });
  return n;
}

export function lateExit(n) {
  setImmediate(() => process.exit(7));
  return n;
}

export function unsettled(_n) {
  return new Promise(() => {});
}

export function endless(_n) {
  for (;;);
}

export function fillHeap(_n) {
  const kept = [];
  for (;;) kept.push(new Array(1e5).fill(kept.length));
}
