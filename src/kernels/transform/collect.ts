// Memory that threads share is freed when each of them has collected what refers to it. What refers to it is small, so an idle
// thread would keep hundreds of megabytes for hours: it is told to collect.
import { Session } from 'node:inspector';

// Less is not worth a collection, which takes some milliseconds, more with a full memo; it goes with the next one.
const LEAST_BYTES = 2 ** 25;

/** Once this turn of the event loop is over, and with it what may still refer to memory of so many bytes. */
export function collectLater(bytes: number, afterTurn: (callback: () => void) => void): void {
  if (bytes >= LEAST_BYTES) afterTurn(collectNow);
}

// By the engine's own tool, which no flag has to switch on, and which compiles nothing. Where it is refused, as by Node's
// permissions, the memory goes with the next collection.
function collectNow(): void {
  try {
    const session = new Session();
    session.connect();
    // In a thread it is done after this turn: not before that may the session end.
    session.post('HeapProfiler.collectGarbage', () => session.disconnect());
  } catch {}
}
