// Functions that make calls of their own, each in a way that something can go wrong with. Plain JavaScript, as functions.js.
import { receiveMessageOnPort } from 'node:worker_threads';
import { memoize } from 'memopool/memoize';
import { call, checkpoint, parallel } from 'memopool/worker';
import { begun } from './functions.js';

export {
  dawdle,
  exit,
  exitAgain,
  fillHeap,
  gated,
  holding,
  never,
  text,
  throwRich,
  throwValue,
  twice,
} from './functions.js';

// Heard in the middle of a computation, which lets no event loop turn.
const gate = new BroadcastChannel('memopool-faults');
gate.unref();

function waitForGate(label) {
  for (;;) {
    const heard = receiveMessageOnPort(gate);
    if (heard?.message === `open ${label}`) return;
    checkpoint();
  }
}

// What is under way when something happens.

/** Calls `twice` and another, at once, and gives both results. */
export const both = (n, name, ...args) => Promise.all([call('twice', n), call(name, ...args)]);

/** The same, but what goes wrong it gives as text. */
export async function tolerant(n, name, ...args) {
  const settled = await Promise.allSettled([call('twice', n), call(name, ...args)]);
  return settled.map(({ value, reason }) => value ?? reason.code ?? reason.name);
}

/** Never ends, but stops when asked to. */
export function stoppable(label) {
  begun('stoppable', label);
  for (;;) checkpoint();
}

/** Never ends, and does not stop. */
export async function stubborn(n) {
  await call('twice', n);
  begun('stubborn', n);
  for (;;);
}

/** Counts up to `size` in parts; the last two are put together when the row says so. */
export const countGated = parallel({
  split: (label, from, to) => [
    [label, from, (from + to) / 2],
    [label, (from + to) / 2, to],
  ],
  base: (label, from, to) => ({ from, to, label }),
  combine: (left, right) => {
    const whole = { from: left.from, to: right.to, label: left.label };
    if (whole.from !== 0 || whole.to !== 1024) return whole;
    begun('combine', whole.label);
    waitForGate(whole.label);
    return whole;
  },
  cost: (_, from, to) => to - from,
});

// Depth and breadth.

export const chain = async (n) => (n === 0 ? 0 : 1 + (await call('chain', n - 1)));

export async function many(count) {
  const values = await Promise.all(Array.from({ length: count }, (_, i) => call('twice', i)));
  return values.reduce((sum, value) => sum + value, 0);
}

export async function diamond(n) {
  const sides = await Promise.all([call('side', n, 'left'), call('side', n, 'right')]);
  return sides.join(' ');
}

export const side = async (n, which) => `${which} of ${await call('twice', n)}`;

// Circles.

export const itself = (n) => call('itself', n);

export const ring = (n, size) => call('ring', (n + 1) % size, size);

/** Waits for what waits for it, if both are under way. */
export async function meet(own, other) {
  await call('twice', own);
  return call('meet', other, own);
}

// Promises that nothing settles.

/** Awaits the promise of a call of another's, and not a call. */
export const inner = memoize((n) => call('outer', n));

export const outer = (n) => inner(n);

// Calls that are none.

export const oddName = () => call(['twice'], 1);

export const missingName = () => call('twise', 1);

export const badArgument = () => call('twice', [() => 1]);

let lateCalls = 0;
let whenMade = () => {};

export function callLater() {
  setImmediate(() => {
    void call('twice', 9);
    lateCalls++;
    whenMade();
  });
  return 'answered';
}

export async function callsMade() {
  if (lateCalls === 0) {
    await new Promise((resolve) => {
      whenMade = resolve;
    });
  }
  return lateCalls;
}

export const large = (length) => call('twice', 'x'.repeat(length));
