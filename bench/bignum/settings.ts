// What bench/bignum is asked to measure, from the environment, and how long each size is measured.
import type { Turn } from './peer-process.ts';
import { FORMS, type Form } from './targets.ts';

export interface Settings {
  readonly sizes: readonly number[];
  readonly forms: readonly Form[];
  /** How many processes to start for the spread among them, in place of the comparison. */
  readonly spread: number | undefined;
}

const USUAL_SIZES = '1e5,1e6,1e7,1e8';

/**
 * BIGNUM_SIZES, such as `1e6,1e9` (10^5 to 10^8 unless told otherwise); BIGNUM_FORMS, `value` or `decimal` (both);
 * BIGNUM_SPREAD, a number of processes.
 */
export function settingsOf(environment: Readonly<Record<string, string | undefined>>): Settings {
  const sizes = (environment['BIGNUM_SIZES'] ?? USUAL_SIZES).split(',').map((text) => {
    const n = Number(text);
    if (Number.isSafeInteger(n) && n >= 2 && n <= 1.5e9) return n;
    throw new Error(`BIGNUM_SIZES: expected whole numbers from 2 to 1.5e9, got ${text}`);
  });
  const forms = (environment['BIGNUM_FORMS'] ?? FORMS.join()).split(',').map((text) => {
    const form = FORMS.find((known) => known === text);
    if (form !== undefined) return form;
    throw new Error(`BIGNUM_FORMS: expected value, decimal or both, got ${text}`);
  });
  const spread = environment['BIGNUM_SPREAD'];
  if (spread === undefined) return { sizes, forms, spread };
  if (/^[1-9]\d{0,2}$/.test(spread)) return { sizes, forms, spread: Number(spread) };
  throw new Error(`BIGNUM_SPREAD: expected a number of processes up to 999, got ${spread}`);
}

export interface Plan extends Turn {
  readonly rounds: number;
  /** One process after the other, each ended before the next begins, because of their memory. */
  readonly isApart: boolean;
}

export function planOf(n: number): Plan {
  if (n < 1e6) return { rounds: 9, runs: 21, budgetMs: 50, isApart: false };
  if (n < 1e7) return { rounds: 9, runs: 11, budgetMs: 150, isApart: false };
  if (n < 1e8) return { rounds: 5, runs: 7, budgetMs: 500, isApart: false };
  if (n < 1e9) return { rounds: 3, runs: 5, budgetMs: 1500, isApart: false };
  return { rounds: 1, runs: 3, budgetMs: 5000, isApart: true };
}

/**
 * The samples of a turn: all runs but the first, where there are more, since it finds the caches cold, and may find
 * given back what was kept warm.
 */
export function warm<Run>(runs: readonly Run[]): readonly Run[] {
  return runs.length > 1 ? runs.slice(1) : runs;
}
