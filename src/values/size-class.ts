// How large a call's arguments are, roughly: what calls of one function are told apart by where their costs are learnt.

// Powers of two that sizes are told apart by.
const SIZES = 64;

/** The power of two that the arguments' size lies above: numbers by magnitude, texts and bytes by length. */
export function sizeClass(args: readonly unknown[] | Uint8Array): number {
  if (args instanceof Uint8Array) return powerOfTwo(args.byteLength);
  let size = 0;
  for (const arg of args) size += sizeOf(arg);
  return powerOfTwo(size);
}

function sizeOf(value: unknown): number {
  switch (typeof value) {
    case 'number':
      return Number.isNaN(value) ? 0 : Math.abs(value);
    case 'bigint':
      return Math.abs(Number(value));
    case 'string':
      return value.length;
    default:
      return 1;
  }
}

function powerOfTwo(size: number): number {
  if (size < 2 ** 31) return 31 - Math.clz32(size + 1);
  return Math.min(SIZES - 1, Math.floor(Math.log2(size)));
}
