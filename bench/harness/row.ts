// One comparison: ours beside a peer's.

/** What was measured, before it is compared. */
export interface Measured {
  /** What was done, such as `20,000 calls, 2 workers`. */
  readonly what: string;
  readonly ours: number;
  readonly peer: string;
  readonly theirs: number;
  readonly unit: string;
  /** Which way is better: `'lower'` for times and bytes, `'higher'` for rates. */
  readonly better: 'lower' | 'higher';
  readonly goal?: Goal;
}

/** What we want of the ratio, or of our own figure. */
export type Goal = { readonly ratioAtLeast: number } | { readonly oursAtMost: number };

export interface Row extends Measured {
  readonly question: string;
  /** How many times better ours is than the peer's: above 1 ours is better, below 1 the peer's. */
  readonly ratio: number;
}

export function compare(question: string, measured: Measured): Row {
  const { ours, theirs, better } = measured;
  if (!(ours > 0 && theirs > 0)) throw new Error(`${question}, ${measured.what}: nothing was measured`);
  const ratio = better === 'lower' ? theirs / ours : ours / theirs;
  return { question, ...measured, ours: rounded(ours), theirs: rounded(theirs), ratio: rounded(ratio) };
}

export function meetsGoal({ goal, ratio, ours }: Row): boolean {
  if (goal === undefined) return true;
  return 'ratioAtLeast' in goal ? ratio >= goal.ratioAtLeast : ours <= goal.oursAtMost;
}

// More digits than these are noise.
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
