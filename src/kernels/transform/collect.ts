// Memory that threads share is freed when each of them has collected what refers to it. What refers to it is small, so an idle
// thread would keep hundreds of megabytes for hours: it is told to collect.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Less is not worth a collection, which takes some milliseconds, more with a full memo; it goes with the next one.
const LEAST_BYTES = 2 ** 25;

let collect: (() => void) | undefined;

/** Once this turn of the event loop is over, and with it what may still refer to memory of so many bytes. */
export function collectLater(bytes: number, afterTurn: (callback: () => void) => void): void {
  if (bytes >= LEAST_BYTES) afterTurn(collectNow);
}

function collectNow(): void {
  collect ??= findCollector();
  collect();
}

// The engine's own function, without a flag on the command line; other contexts do not have it afterwards either.
function findCollector(): () => void {
  const own: unknown = Reflect.get(globalThis, 'gc');
  if (typeof own === 'function') return own as () => void;
  try {
    setFlagsFromString('--expose-gc');
    return runInNewContext('gc') as () => void;
  } catch {
    return () => {}; // an engine without it: the memory goes with the next collection
  } finally {
    setFlagsFromString('--no-expose-gc');
  }
}
