// An instance with the functions of residues only, and a kernel on it, for tests.
import { RESIDUE_BYTES, type ResidueFunctions, ResidueKernel } from '../../src/kernels/residue.ts';
import { instantiate, newMemory, residueFunctions } from '../../src/kernels/transform/open.ts';

const PAGES = 32;

export interface Instance {
  readonly functions: ResidueFunctions;
  readonly memory: { readonly buffer: SharedArrayBuffer };
  readonly bytes: Uint8Array<SharedArrayBuffer>;
}

export function instanceFor(primes: 1 | 2): Instance {
  const memory = newMemory(PAGES);
  return {
    functions: residueFunctions(instantiate(memory), primes),
    memory,
    bytes: new Uint8Array(memory.buffer),
  };
}

/** Where the tests may put their numbers; the kernel's own room is below. */
export const FREE: number = 16 + RESIDUE_BYTES;

export function kernelOn({ functions, memory }: Instance, primes: readonly bigint[]): ResidueKernel {
  return new ResidueKernel({ functions, memory, place: 16, primes });
}

/** Puts `bytes` at `start`, between bytes that would be noticed if they were read as part of the number. */
export function put(instance: Instance, bytes: Uint8Array, start: number): void {
  instance.bytes.fill(0xa5, start - 64, start + bytes.length + 64);
  instance.bytes.set(bytes, start);
}

export function putDigits(instance: Instance, digits: Int32Array, start: number): void {
  put(instance, new Uint8Array(digits.buffer, digits.byteOffset, digits.byteLength), start);
}

/** The plain way: one digit after the other, the most significant first. */
export function slowResidue(digits: Iterable<number>, base: number, p: bigint): bigint {
  let value = 0n;
  for (const digit of [...digits].reverse()) value = (value * BigInt(base) + BigInt(digit)) % p;
  return value < 0n ? value + p : value;
}
