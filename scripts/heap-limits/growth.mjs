// Functions that grow until they are stopped, one a pattern: run by scripts/heap-limits/child.mjs in a worker.
import { memoize } from 'memopool/memoize';

export function plainObject() {
  const grown = {};
  for (let i = 0; ; i++) grown[`key ${i}`] = i;
}

export function numberKeyedMap() {
  const grown = new Map();
  for (let i = 0; ; i++) grown.set(i, i);
}

export function stringKeyedMap() {
  const grown = new Map();
  for (let i = 0; ; i++) grown.set(`key ${i}`, i);
}

export function set() {
  const grown = new Set();
  for (let i = 0; ; i++) grown.add(i);
}

export function arrayOfNumbers() {
  const grown = [];
  for (let i = 0; ; i++) grown.push(i);
}

export function arrayOfObjects() {
  const grown = [];
  for (let i = 0; ; i++) grown.push({ i });
}

export function largeArrays() {
  const grown = [];
  for (;;) grown.push(new Array(1_000_000).fill(0));
}

// A string cannot be longer than 2^29 characters: that many would be an error of another kind.
export function concatenation() {
  const grown = [];
  for (;;) {
    let text = '';
    for (let i = 0; i < 1_000_000; i++) text += i;
    grown.push(text);
  }
}

export function repeatedStrings() {
  const grown = [];
  for (let i = 0; ; i++) grown.push(`${i}`.padEnd(1_000_000, '.'));
}

export function smallBigints() {
  const grown = [];
  for (let i = 1n; ; i++) grown.push(i << 64n);
}

export function largeBigints() {
  const grown = [];
  for (let i = 1n; ; i++) grown.push(i << 8_000_000n);
}

export function growingBigint() {
  let grown = 1n;
  while (grown > 0n) grown <<= 32_000_000n;
  return grown;
}

const boundless = memoize((n) => [n], { maxsize: null });

export function memoWithoutBound() {
  for (let i = 0; ; i++) boundless(i);
}

const chain = memoize((n) => [n, chain(n + 1)], { maxsize: null });

export function endlessRecursion() {
  return chain(0);
}

// What the heap does not hold: bounded here, because nothing else bounds it.
const PIECE = 64 * 2 ** 20;
const PIECES = 16;

export function buffers() {
  return residentAfter(() => Buffer.alloc(PIECE, 1));
}

export function arrayBuffers() {
  return residentAfter(() => {
    const buffer = new ArrayBuffer(PIECE);
    new Uint8Array(buffer).fill(1);
    return buffer;
  });
}

export function typedArrays() {
  return residentAfter(() => new Float64Array(PIECE / 8).fill(1));
}

function residentAfter(make) {
  const grown = Array.from({ length: PIECES }, make);
  return { pieces: grown.length, megabytes: Math.round(process.memoryUsage.rss() / 2 ** 20) };
}

export function triple(n) {
  return 3 * n;
}
