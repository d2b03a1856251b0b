// Memory that a large result came over in, given back by who has read it: fresh memory takes longer to get from the system
// than to fill.

// One buffer, as the results of a series are about alike, for as long as a series may pause.
const KEPT_MS = 5_000;
/** From this size on it is worth a message. */
export const LEAST_SPARE_BYTES: number = 256 * 1024;

let spare: ArrayBuffer | undefined;
let end: NodeJS.Timeout | undefined;

/** Keeps memory for the next result of this thread. */
export function keepSpare(buffer: ArrayBuffer): void {
  spare = buffer;
  clearTimeout(end);
  end = setTimeout(() => {
    spare = undefined;
  }, KEPT_MS);
  end.unref();
}

/** Memory of so many bytes, at the beginning of a buffer that may be a little longer; what is in it is of no meaning. */
export function takeMemory(byteLength: number): Uint8Array<ArrayBuffer> {
  const kept = spare;
  spare = undefined;
  const fits = kept !== undefined && kept.byteLength >= byteLength && kept.byteLength <= 2 * byteLength;
  return fits ? new Uint8Array(kept, 0, byteLength) : new Uint8Array(byteLength);
}
