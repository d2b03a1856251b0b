import { expect, test } from 'vitest';
import { listOf, showCount, showMs, showRate } from '../../src/tuning/figures.ts';

test.each([
  [1234.56, '1,235'],
  [99.96, '100'],
  [12.345, '12.3'],
  [0.012345, '0.0123'],
  [0, '0'],
])('a rate of %d is shown as %s', (rate, text) => {
  expect(showRate(rate)).toBe(text);
});

test.each([
  [12_345, '12.3 s'],
  [1234.5, '1,235 ms'],
  [1.2345, '1.23 ms'],
  [0.1, '0.1 ms'],
  [0.01234, '12.3 µs'],
  [0, '0 ms'],
])('a time of %d ms is shown as %s', (ms, text) => {
  expect(showMs(ms)).toBe(text);
});

test('a count has its noun in the singular or the plural', () => {
  expect([0, 1, 2].map((count) => showCount(count, 'worker'))).toEqual([
    '0 workers',
    '1 worker',
    '2 workers',
  ]);
});

test('a list has commas, and a word before its last', () => {
  expect([listOf([]), listOf([1]), listOf([1, 2]), listOf([1, 2, 4])]).toEqual([
    '',
    '1',
    '1 and 2',
    '1, 2 and 4',
  ]);
});
