// How long the main thread works while something is awaited: the time that its event loop does not sleep. A ticker that
// looks for the longest gap would measure as well how often the system takes the CPU away from it.
import { performance } from 'node:perf_hooks';

export interface Busy<T> {
  readonly ms: number;
  readonly value: T;
}

/** From making the call to the end of the loop's turn in which the value came. */
export async function busyWhile<T>(work: () => T | Promise<T>): Promise<Busy<T>> {
  await nextTurn(); // so that nothing of what came before is counted
  const before = performance.eventLoopUtilization();
  const value = await work();
  await nextTurn();
  return { ms: performance.eventLoopUtilization(before).active, value };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
