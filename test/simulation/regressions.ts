// Seeds that once failed, each with what was wrong: they run before all others. A seed is worth keeping as long as the
// draws that led to it are the same; beside each stands a plain test of what it found.

export interface Regression {
  readonly seed: number;
  readonly was: string;
}

export const regressions: readonly Regression[] = [];
