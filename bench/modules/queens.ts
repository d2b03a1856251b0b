// A call to divide among all workers, and one that keeps a thread busy.
export { queens } from '../../examples/own-functions/queens.ts';

/** Keeps a thread busy without memory: what the machine gains by a second one. */
export function spin(rounds: number): number {
  let state = rounds;
  for (let i = 0; i < 40_000_000; i++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state;
}
