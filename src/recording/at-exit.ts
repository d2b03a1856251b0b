// What is to be done when the process ends, synchronously: one listener for all, and none when there is nothing to do.
const ends = new Set<() => void>();

/** @returns to be called when there is nothing to end any more */
export function atExit(end: () => void): () => void {
  if (ends.size === 0) process.on('exit', endAll);
  ends.add(end);
  return () => {
    if (ends.delete(end) && ends.size === 0) process.off('exit', endAll);
  };
}

const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;
let isWatching = false;

/**
 * Has the same done before a signal ends the process, which then has no exit event. Where the program has a listener of its
 * own, it ends by itself, or goes on.
 */
export function endOnSignals(): void {
  if (isWatching) return;
  isWatching = true;
  for (const signal of SIGNALS) {
    process.prependListener(signal, function onSignal() {
      // First of all, because one that listens once is gone when it is called.
      if (process.listenerCount(signal) > 1) return;
      endAll();
      process.off(signal, onSignal);
      process.kill(process.pid, signal);
    });
  }
}

function endAll(): void {
  for (const end of ends) end();
}
