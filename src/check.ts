// Checks of options, alike for the pool, its calls and `memoize`: what was expected, what came, what to do.
import { PoolError, showValue } from './errors.ts';
import { suggest } from './suggest.ts';

/** @throws PoolError ERR_OPTION naming the option that was probably meant */
export function refuseUnknown(where: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new PoolError('ERR_OPTION', `${where}: expected an object of options, got ${showValue(options)}.`);
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new PoolError('ERR_OPTION', `${where}: unknown option ${showValue(name)}. ${suggest(name, known)}`);
  }
}

/** A count or size that may be without bound. */
export function checkBound(where: string, name: string, value: unknown): asserts value is number | null {
  if (value === null || (Number.isSafeInteger(value) && Number(value) >= 0)) return;
  throw invalidOption(where, name, 'a whole number from 0, or null for no bound', value);
}

export interface Range {
  readonly least: number;
  readonly most: number;
}

export function checkWhole(option: string, value: unknown, { least, most }: Range): asserts value is number {
  if (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most) return;
  throw invalidOption('createPool', option, `a whole number from ${least} to ${most}`, value);
}

export function invalidOption(where: string, name: string, expected: string, got: unknown): PoolError {
  return new PoolError(
    'ERR_OPTION',
    `${where}: option '${name}': expected ${expected}, got ${showValue(got)}.`,
    {
      details: { option: name },
    },
  );
}
