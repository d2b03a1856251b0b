// The functions that the rows of the fault matrix call: each goes wrong in a way of its own. Plain JavaScript, because a
// loader of TypeScript in every process would take longer than most rows.
import { writeSync } from 'node:fs';
import { parentPort, threadId } from 'node:worker_threads';
import { memoize } from 'memopool/memoize';

// Tells the main thread, without a turn of the event loop, which calls have begun, and hears which may end.
const channel = new BroadcastChannel('memopool-faults');
const gates = new Map();
channel.onmessage = ({ data }) => gates.get(data)?.();
channel.unref();

export function begun(name, label) {
  channel.postMessage(`${name} ${label}`);
}

/** Ends when the row says so. */
export async function gated(label) {
  channel.ref();
  await new Promise((resolve) => {
    gates.set(`open ${label}`, resolve);
    begun('gated', label);
  });
  gates.delete(`open ${label}`);
  if (gates.size === 0) channel.unref();
  return 'opened';
}

export const notAFunction = 42;

export async function twice(n) {
  await null;
  return 2 * n;
}

export const same = (value) => value;

/** The keys of an object, and whether any object of this thread has one that was put on all of them. */
export const keysOf = (value) => `${Object.keys(value)}; polluted: ${{}.polluted}`;

export const protoRecord = () => JSON.parse('{"__proto__":{"polluted":"yes"}}');

const counts = new Map();

/** How often it was called with `label` in this thread. */
export function count(label) {
  const times = (counts.get(label) ?? 0) + 1;
  counts.set(label, times);
  return times;
}

export const threadOf = (_question) => threadId;

/** Keeps its thread for so long, without a turn of its event loop. */
export function spin(ms, _label) {
  begun('spin', ms);
  const end = performance.now() + ms;
  while (performance.now() < end);
  return 'spun';
}

/** The same, with turns of the event loop. */
export async function dawdle(ms, _label) {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return 'dawdled';
}

// Ending the thread.

export function exit(code) {
  process.exit(code);
}

export function exitAgain(code) {
  process.exit(code);
}

export function exitLater() {
  setImmediate(() => process.exit(6));
  return 'answered';
}

export function fillHeap() {
  const kept = [];
  for (;;) kept.push(new Array(1e5).fill(kept.length));
}

/** Takes away what stands between a stray error and the end of the thread. */
export function failUnheard() {
  process.removeAllListeners('uncaughtException');
  setImmediate(() => {
    throw new Error('nobody listens');
  });
  return new Promise(() => {});
}

// Errors outside the call.

export function failFromTimer() {
  setTimeout(() => {
    throw new RangeError('thrown by a timer');
  }, 0);
  return new Promise((resolve) => setTimeout(resolve, 10_000));
}

export function failFromRejection() {
  void Promise.reject(new RangeError('rejected in passing'));
  return new Promise((resolve) => setTimeout(resolve, 10_000));
}

export function leaveTimerBehind() {
  setTimeout(() => {
    throw new Error('left behind');
  }, 0);
  return 'answered';
}

export function leaveRejectionBehind() {
  void Promise.reject(new Error('left behind'));
  return 'answered';
}

export function postJunk() {
  for (const junk of ['text', null, ['replies'], { kind: 1 }]) parentPort?.postMessage(junk);
  return 'posted';
}

// Not ending.

export function endless(label) {
  begun('endless', label);
  for (;;);
}

export const never = (_label) => new Promise(() => {});

export const neverWithTimer = (_label) => new Promise(() => setInterval(() => {}, 1000));

// Too much.

export function overflow(n = 0) {
  return 1 + overflow(n + 1);
}

export const depth = memoize((n) => (n === 0 ? 0 : 1 + depth(n - 1)), { maxsize: null });

export const fib = memoize((n) => (n < 2 ? BigInt(n) : fib(n - 1) + fib(n - 2)), { maxsize: null });

/** One entry fewer than the recursion needs. */
export const crampedFib = memoize((n) => (n < 2 ? BigInt(n) : crampedFib(n - 1) + crampedFib(n - 2)), {
  maxsize: 2,
});

/** A recursion of so many levels that each take a while. */
export const slowDepth = memoize(
  (n) => {
    spin(1);
    begun('slowDepth', n);
    return n === 0 ? 0 : 1 + slowDepth(n - 1);
  },
  { maxsize: null },
);

export const filler = memoize((n) => 1n << BigInt(8 * n), { maxsize: null });

export const hugeBigint = () => 1n << (2n ** 31n);

export const hugeString = () => 'x'.repeat(2 ** 30);

export const list = (length) => ({ items: Array.from({ length }, (_, index) => index) });

export const text = (length) => 'x'.repeat(length);

export function nested(levels) {
  let value = 0;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

// Results and errors that do not travel as they are.

export function holding(kind) {
  const held = {
    function: () => 2,
    symbol: Symbol('mine'),
    WeakMap: new WeakMap(),
    promise: Promise.resolve(1),
  };
  return { parts: [1, held[kind]] };
}

export const bareFunction = () => () => 1;

export function trappedResult() {
  return {
    get value() {
      throw new RangeError('a getter of the result');
    },
  };
}

export function throwValue(kind) {
  throw { null: null, undefined: undefined, string: 'a string', object: { a: 1 } }[kind];
}

export function throwRich() {
  const cause = new TypeError('because', { cause: new Error('in the end') });
  const error = new RangeError('out of the question', { cause });
  throw Object.assign(error, { name: 'QuestionError', code: 'E_RICH', answer: 42n, at: new Date(0) });
}

export function throwMany() {
  throw new AggregateError([new TypeError('one'), new RangeError('two')], 'several');
}

export function throwTrap() {
  throw Object.defineProperty(new Error('outer'), 'data', {
    enumerable: true,
    get: () => {
      throw new Error('inner');
    },
  });
}

/** Says so, at once, and computes for ever. */
export function endlessAloud() {
  writeSync(2, 'computing\n');
  for (;;);
}
