// Seeds that once failed, each with what was wrong: they run before all others. A world changes when a draw is added to
// what makes it, so a plain test of the same mistake stands beside each.

export interface Regression {
  readonly seed: number;
  readonly was: string;
}

export const regressions: readonly Regression[] = [
  // test/dispatch/threads.test.ts: a call made between the news of an exit and the exit itself
  { seed: 1890, was: 'a call made while a thread was about to exit did not keep the process alive' },
];
