// A thread that works on numbers in shared memory: the functions of the module, and the memory as the thread sees it.
import type { ResidueFunctions } from '../residue.ts';
import type { SharedMemory } from '../web-assembly.ts';
import type { Radix } from './shapes.ts';

/** A function of the module, see assembly/: addresses and counts. */
type KernelFunction = (...args: number[]) => void;

type PassName = `${'split' | 'join' | 'open'}${Radix}`;
type StepName =
  | 'fill'
  | 'fillReal'
  | 'splitRow'
  | 'joinRow'
  | 'splitRows'
  | 'joinRows'
  | 'form1'
  | 'form2'
  | 'product1'
  | 'square1'
  | 'addHeld'
  | 'carry'
  | 'clear'
  | 'toText'
  | 'toText65'
  | 'toText66'
  | 'toBytes'
  | 'fromBytes'
  | 'fromText'
  | 'spread'
  | 'convertBlocks';

/** The functions of the module, see assembly/. */
export interface KernelExports extends Readonly<Record<PassName | StepName, KernelFunction>> {
  readonly addDigits: (...args: number[]) => number;
  readonly residues1: ResidueFunctions['residues'];
  readonly residues2: ResidueFunctions['residues'];
  readonly decimalDigits: ResidueFunctions['decimalDigits'];
}

export interface Thread {
  readonly exports: KernelExports;
  /** Counted from 0 among those that share a memory. */
  readonly index: number;
  /** The memory, as large as it is now. */
  readonly buffer: ArrayBufferLike;
}

/** A thread of those that share a memory. */
export function threadOn(memory: SharedMemory, exports: KernelExports, index: number): Thread {
  return {
    exports,
    index,
    get buffer() {
      return memory.buffer;
    },
  };
}
