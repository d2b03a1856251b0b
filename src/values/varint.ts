// Whole numbers as `v8.serialize` writes them: seven bits a byte, the lowest first, the topmost bit set but in the last.

/** How many bytes {@link writeVarint} takes for `value`. */
export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length++;
  return length;
}

/** Writes `value`, a whole number from 0 to 2^53 - 1; gives the place behind it. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let place = at;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes[place++] = 128 + (rest % 128);
  bytes[place++] = rest;
  return place;
}

/** What stands at `at`, and the place behind it; undefined when the bytes end before it does. */
export function readVarint(
  bytes: Uint8Array,
  at: number,
): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  let place = at;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[place++];
    if (byte === undefined) return undefined;
    value += (byte % 128) * scale;
    if (byte < 128) return { value, end: place };
  }
}
