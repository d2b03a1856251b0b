// A trace kept in memory: what comes into it, of two functions, and where it ends.
import { expect, test } from 'vitest';
import { TRACE_KINDS, type Trace } from '../../src/curves/trace.ts';
import type { Line } from '../../src/front/line.ts';
import { MemoryTrace } from '../../src/tuning/memory-trace.ts';

const f = { name: 'f' } as Line;
const g = { name: 'g' } as Line;

function kindsOf(trace: Trace): string[] {
  return Array.from(trace.kinds.subarray(0, trace.length), (kind) => TRACE_KINDS[kind] ?? '?');
}

test('a key is numbered within its function; a call that joins is a reference', () => {
  let ms = 5;
  const memory = new MemoryTrace(() => ms);
  memory.onComplete(f, 1, { bytes: 10, computeMs: 1 }); // before it begins
  memory.begin();
  ms = 7;
  memory.onJoin(f, 1);
  memory.onComplete(f, 1, { bytes: 100, computeMs: 2 });
  memory.onComplete(g, 1, { bytes: 50, computeMs: 3 });
  memory.onHit(f, 1);
  memory.onEvict(g, 1);
  memory.onClear(g);
  memory.end();
  memory.onHit(f, 1);
  const trace = memory.trace();
  expect(kindsOf(trace)).toEqual(['hit', 'complete', 'complete', 'hit', 'evict', 'clear']);
  expect([...trace.keys.subarray(0, 6)]).toEqual([1, 1, 2, 1, 2, 0]);
  expect([...trace.functionOf.subarray(0, 6)]).toEqual([0, 0, 1, 0, 1, 1]);
  expect([...trace.bytes.subarray(0, 3)]).toEqual([0, 100, 50]);
  expect([...trace.costsNs.subarray(0, 3)]).toEqual([0, 2e6, 3e6]);
  expect([...trace.timesUs.subarray(0, 6)]).toEqual(Array(6).fill(2000));
  expect([trace.functions, memory.distinct, memory.computeMs]).toEqual([['f', 'g'], 2, 5]);
  expect([...memory.costliest]).toEqual([
    ['f', { key: 1, computeMs: 2 }],
    ['g', { key: 1, computeMs: 3 }],
  ]);
});

test('it grows with all that is in it, up to its bound, and counts the rest', () => {
  const memory = new MemoryTrace(() => 0, 5000);
  memory.begin();
  for (let key = 1; key <= 6000; key++) memory.onComplete(f, key, { bytes: key, computeMs: key / 1e6 });
  const { length, left, keys, bytes, costsNs } = memory.trace();
  expect([length, left, memory.distinct]).toEqual([5000, 1000, 5000]);
  for (const column of [keys, bytes, costsNs]) {
    expect(column).toHaveLength(5000);
    expect(column.every((value, at) => value === at + 1)).toBe(true);
  }
});
