// Messages as a part of what a miss costs.
import { expect, test } from 'vitest';
import { TRACE_KINDS, type Trace, type TraceKind } from '../../src/curves/trace.ts';
import { withMessages } from '../../src/tuning/message-cost.ts';

function traceOf(events: readonly (readonly [kind: TraceKind, bytes: number, costNs: number])[]): Trace {
  return {
    header: undefined,
    functions: ['f'],
    length: events.length,
    timesUs: new Float64Array(events.length),
    kinds: Uint8Array.from(events, ([kind]) => TRACE_KINDS.indexOf(kind)),
    functionOf: new Uint16Array(events.length),
    keys: Float64Array.from(events, (_, i) => i + 1),
    bytes: Float64Array.from(events, ([, bytes]) => bytes),
    costsNs: Float64Array.from(events, ([, , costNs]) => costNs),
    left: 0,
  };
}

const TRACE = traceOf([
  ['complete', 0, 100],
  ['hit', 0, 0],
  ['share', 500, 7],
  ['complete', 3 * 65_536, 200],
]);

test('what messages took together falls on computations, by what their results weigh', () => {
  expect([...withMessages(TRACE, { totalNs: 1000 }).costsNs]).toEqual([300, 0, 7, 1000]);
});

test('what one of a small result takes falls on each, and on large ones as much more as they weigh', () => {
  expect([...withMessages(TRACE, { smallNs: 50 }).costsNs]).toEqual([150, 0, 7, 400]);
});

test('the trace itself stays as it is', () => {
  withMessages(TRACE, { totalNs: 1000 });
  expect([...TRACE.costsNs]).toEqual([100, 0, 7, 200]);
});
