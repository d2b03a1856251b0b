import { expect, test } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatMs,
  formatNs,
  formatNumber,
  formatPercent,
  formatShort,
  plural,
} from '../../src/tuning/page/format.ts';

test.each([
  [0, '0 ms'],
  [0.000_25, '250 ns'],
  [0.001_5, '1.5 µs'],
  [12.345, '12.3 ms'],
  [999, '999 ms'],
  [65_432, '65.4 s'],
  [7_200_000, '7,200 s'],
])('%s milliseconds are %s', (ms, text) => {
  expect(formatMs(ms)).toBe(text);
});

test.each([
  [0, '0 bytes'],
  [1023, '1,023 bytes'],
  [1024, '1 KiB'],
  [2.5 * 2 ** 20, '2.5 MiB'],
  [2 ** 60, '1,048,576 TiB'],
])('%s bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('numbers are told in three digits that matter', () => {
  expect([formatNumber(2.345_67), formatNumber(1234.5), formatNumber(0.001_234)]).toEqual([
    '2.35',
    '1,235',
    '0.00123',
  ]);
  expect([formatPercent(0.0872), formatPercent(1), formatPercent(0.000_034)]).toEqual([
    '8.72 %',
    '100 %',
    '0.0034 %',
  ]);
  expect([formatCount(1_045_216), formatShort(1500), formatNs(900)]).toEqual(['1,045,216', '1.5K', '900 ns']);
  expect([plural(1, 'run'), plural(2, 'run'), plural(0, 'run')]).toEqual(['1 run', '2 runs', '0 runs']);
});
