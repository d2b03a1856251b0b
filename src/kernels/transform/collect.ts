// Memory that threads share is freed when each of them has collected what refers to it. What refers to it is small, so an idle
// thread would keep hundreds of megabytes for hours: it is made to collect.

// Less is not worth a collection, which takes some milliseconds, more with a full memo; it goes with the next one.
const LEAST_BYTES = 2 ** 25;

// The engine collects when so much memory outside of its heap has been taken since it last did, and of its own accord only
// then: a few buffers that nobody touches, and that take no memory therefore. (A session of the inspector that asks for a
// collection blocks a thread for ever, Node 20.20.2; other ways need a flag, code from a string, or print a warning.)
const PRESSURE_BYTES = 2 ** 26;
const PRESSURES = 16;

/** Once this turn of the event loop is over, and with it what may still refer to memory of so many bytes. */
export function collectLater(bytes: number, afterTurn: (callback: () => void) => void): void {
  if (bytes >= LEAST_BYTES) afterTurn(collectNow);
}

function collectNow(): void {
  try {
    for (let i = 0; i < PRESSURES; i++) new ArrayBuffer(PRESSURE_BYTES);
  } catch {} // no memory: then the engine has collected
}
