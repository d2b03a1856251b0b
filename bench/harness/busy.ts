// How long the main thread works while something is awaited: the processor time it takes, so that neither its sleep nor
// what else the machine does is counted. Where the system does not tell, the time in which its event loop does not sleep.
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

export interface Busy<T> {
  readonly ms: number;
  readonly value: T;
}

/** From making the call to the end of the loop's turn in which the value came. */
export async function busyWhile<T>(work: () => T | Promise<T>): Promise<Busy<T>> {
  await shortSleep();
  const before = threadMs();
  const value = await work();
  await shortSleep();
  return { ms: threadMs() - before, value };
}

// The system brings its figure up to date when the thread goes to sleep.
function shortSleep(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2));
}

// https://docs.kernel.org/scheduler/sched-stats.html: the first figure is the thread's time on a processor, in ns.
function threadMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return performance.eventLoopUtilization().active;
  }
}
