// Numbers as the page writes them: with their unit, in three digits that matter. Pure.

const whole: Intl.NumberFormat = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const three: Intl.NumberFormat = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** A number of things, such as `12,345`. */
export function formatCount(value: number): string {
  return whole.format(value);
}

const compact: Intl.NumberFormat = new Intl.NumberFormat('en', {
  notation: 'compact',
  maximumSignificantDigits: 3,
});

/** Short, for axes, such as `1.5K`. */
export function formatShort(value: number): string {
  return compact.format(value);
}

/** Three digits that matter, such as `3.14`; whole from 1,000 on. */
export function formatNumber(value: number): string {
  return Math.abs(value) < 1000 ? three.format(value) : whole.format(value);
}

/** A time in milliseconds, in the unit that suits it. */
export function formatMs(ms: number): string {
  const size = Math.abs(ms);
  if (size === 0) return '0 ms';
  if (size < 1e-3) return `${three.format(ms * 1e6)} ns`;
  if (size < 1) return `${three.format(ms * 1e3)} µs`;
  if (size < 1000) return `${three.format(ms)} ms`;
  return `${formatNumber(ms / 1000)} s`;
}

/** A time in nanoseconds, in the unit that suits it. */
export function formatNs(ns: number): string {
  return formatMs(ns / 1e6);
}

const BYTE_UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

/** A size of memory, such as `2.5 MiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? whole.format(value) : formatNumber(value)} ${BYTE_UNITS[unit] ?? ''}`;
}

/** A ratio as a percentage, such as `12.3 %`. */
export function formatPercent(ratio: number): string {
  return `${three.format(ratio * 100)} %`;
}

/** `1 call`, `2 calls`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
