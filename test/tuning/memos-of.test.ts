// Which calls the memos of a workload are tried with.
import { expect, test } from 'vitest';
import { callsToTry } from '../../src/tuning/memos-of.ts';
import type { WorkloadCall } from '../../src/tuning/options.ts';

function call(name: string, ...args: unknown[]): WorkloadCall {
  return { name, args };
}

const CALLS = [
  call('fib', 30),
  call('fib', 40),
  call('fib', 35),
  call('words', 'abc'),
  call('words', 'abcdef'),
];

test('of a function the costliest call, and the one with the largest numbers', () => {
  const costliest = new Map([
    ['words', { key: 'abc', computeMs: 1 }],
    ['fib', { key: 30, computeMs: 5 }],
  ]);
  const words = callsToTry({ costliest, givenUp: [] }, CALLS, true).map(({ name, args }) => [name, ...args]);
  expect(words.slice(0, 2)).toEqual([
    ['fib', 30],
    ['fib', 40],
  ]);
  expect(words.length).toBeLessThanOrEqual(3);
});

test('one call that is both is tried once', () => {
  const costliest = new Map([['fib', { key: 40, computeMs: 5 }]]);
  expect(callsToTry({ costliest, givenUp: [] }, CALLS, true)).toEqual([call('fib', 40)]);
});

test('what did not end comes first', () => {
  const costliest = new Map([['fib', { key: 40, computeMs: 5 }]]);
  const stuck = call('words', 'abcdef');
  expect(callsToTry({ costliest, givenUp: [stuck] }, CALLS, true)).toEqual([stuck, call('fib', 40)]);
});

test('four functions at the most', () => {
  const calls = Array.from({ length: 9 }, (_, n) => call(`f${n}`, n));
  const costliest = new Map(calls.map(({ name, args }) => [name, { key: Number(args[0]), computeMs: 1 }]));
  expect(callsToTry({ costliest, givenUp: [] }, calls, true).length).toBe(4);
});
