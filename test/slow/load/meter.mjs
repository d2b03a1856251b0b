// What a process holds on to: its heap after collection, handles, threads, listeners.
import { setTimeout as sleep } from 'node:timers/promises';

const threads = { alive: 0, started: 0 };
process.on('worker', (worker) => {
  threads.alive++;
  threads.started++;
  worker.once('exit', () => threads.alive--);
});

export function startedThreads() {
  return threads.started;
}

/** Needs --expose-gc; several collections, because finalizers give more back. */
export async function measure() {
  for (let round = 0; round < 4; round++) {
    globalThis.gc();
    await sleep(20);
  }
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
  return {
    heapMb: round(heapUsed / 2 ** 20),
    externalMb: round((external + arrayBuffers) / 2 ** 20),
    rssMb: round(rss / 2 ** 20),
    threads: threads.alive,
    handles: process.getActiveResourcesInfo().filter((name) => name !== 'Timeout').length,
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  };
}

function round(value) {
  return Math.round(value * 10) / 10;
}
