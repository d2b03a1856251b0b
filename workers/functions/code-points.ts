// Texts as what readers count: a character outside the basic plane is one code point and two code units.

/** The code points of a text; half of a surrogate pair stands for itself. */
export function codePoints(text: string): Uint32Array {
  return Uint32Array.from(text, (character) => character.codePointAt(0) ?? 0);
}
