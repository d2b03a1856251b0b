// The residues of a decimal text that comes in chunks from outside, as from a file: it is copied piece by piece into a
// small memory of its own.

import { joinResidues, RESIDUE_BYTES, ResidueKernel, type Residues } from './residue.ts';
import { instantiate, newMemory, residueFunctions } from './transform/open.ts';
import { PAGE_BYTES } from './web-assembly.ts';

const BUFFER_BYTES = 2 ** 17;
const PAGES = Math.ceil((BUFFER_BYTES + RESIDUE_BYTES) / PAGE_BYTES);

/**
 * The residues of the number whose decimal characters, the most significant first, are those of all chunks.
 *
 * @param primes one or two, from `randomPrimes`
 * @throws RangeError of a character that is no decimal digit, and of a text without any
 */
export function residuesOfText(chunks: Iterable<Uint8Array>, primes: readonly bigint[]): Residues {
  const memory = newMemory(PAGES);
  const functions = residueFunctions(instantiate(memory), primes.length);
  const kernel = new ResidueKernel({ functions, memory, place: BUFFER_BYTES, primes });
  const buffer = new Uint8Array(memory.buffer, 0, BUFFER_BYTES);
  let value: Residues = primes.map(() => 0n);
  let filled = 0;
  let isEmpty = true;
  const take = (): void => {
    const low = kernel.ofText({ start: 0, count: filled });
    value = joinResidues({ high: value, low, base: 10, lowCount: filled }, primes);
    filled = 0;
  };
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + BUFFER_BYTES - filled);
      buffer.set(part, filled);
      filled += part.length;
      at += part.length;
      isEmpty = false;
      if (filled === BUFFER_BYTES) take();
    }
  }
  if (isEmpty) throw new RangeError('expected decimal digits, got an empty text');
  take();
  return value;
}
