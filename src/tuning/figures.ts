// Numbers as the sentences of a report show them: three digits that matter, and the unit that fits.

/** Calls a second. */
export function showRate(rate: number): string {
  return showThree(rate);
}

/** A time given in milliseconds. */
export function showMs(ms: number): string {
  const size = Math.abs(ms);
  if (size >= 10_000) return `${showThree(ms / 1000)} s`;
  return size > 0 && size < 0.1 ? `${showThree(ms * 1000)} µs` : `${showThree(ms)} ms`;
}

/** `1 worker`, `2 workers`. */
export function showCount(count: number, noun: string): string {
  return `${showThree(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `1, 2 and 4`. */
export function listOf(items: readonly (number | string)[]): string {
  if (items.length <= 1) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

// The locale is named, so that a report reads the same everywhere.
function showThree(value: number): string {
  const isLarge = Math.abs(value) >= 100;
  return value.toLocaleString(
    'en-US',
    isLarge ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 },
  );
}
