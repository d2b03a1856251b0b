// An engine that makes mistakes in its memory, as a broken machine would.

import { alone, type Crew, type TaskName, type Works } from '../../src/kernels/transform/crew.ts';
import { Engine } from '../../src/kernels/transform/engine.ts';
import { instantiate, newMemory } from '../../src/kernels/transform/open.ts';
import { outSize } from '../../src/kernels/transform/tasks-out.ts';
import { threadOn } from '../../src/kernels/transform/thread.ts';

/** A digit, or a byte of what is made of the digits, is changed; or a rounding error is seen. */
export type Disturbance = 'digit' | 'zero' | 'huge' | 'byte' | 'rounding';

export interface Disturbed {
  readonly engine: Engine;
  /** Of all digits so far. */
  readonly bases: ReadonlySet<number>;
  readonly calm: () => void;
}

/** @param times how often, of the numbers that are made */
export function disturbedEngine(kind: Disturbance, times: number): Disturbed {
  const memory = newMemory();
  const exports = instantiate(memory);
  const inner = alone(threadOn(memory, exports, 0));
  const bases = new Set<number>();
  let left = times;
  const crew: Crew = {
    run(name, work, pieces) {
      if (left > 0 && spoil(memory.buffer, kind, name, work)) left -= 1;
      inner.run(name, work, pieces);
      const base = baseOf(memory.buffer, name, work);
      if (base !== undefined) bases.add(base);
    },
  };
  return {
    engine: new Engine(memory, exports, crew),
    bases,
    calm: () => {
      left = 0;
    },
  };
}

function baseOf(buffer: ArrayBufferLike, name: TaskName, work: Works[TaskName]): number | undefined {
  return name === 'join' && 'base' in work ? new Float64Array(buffer, work.base, 1)[0] : undefined;
}

/** @returns whether that was the moment */
function spoil(buffer: ArrayBufferLike, kind: Disturbance, name: TaskName, work: Works[TaskName]): boolean {
  if (kind === 'rounding' && name === 'join' && 'watch' in work) {
    new Float64Array(buffer, work.watch, 1)[0] = 0.3;
    return true;
  }
  if (kind === 'byte' && name === 'residues' && 'results' in work) {
    const bytes = new Uint8Array(buffer, work.at, work.count);
    const at = Math.floor(work.count / 3);
    bytes[at] = (bytes[at] ?? 0) ^ 1; // of a decimal character makes another
    return true;
  }
  if ((kind === 'digit' || kind === 'zero' || kind === 'huge') && 'digits' in work && 'count' in work) {
    const digits = new Int32Array(buffer, work.digits, work.count);
    const at = Math.min(outSize(1), work.count) - 2;
    const old = digits[at] ?? 0;
    digits[at] = { digit: old + 1, zero: old === 0 ? 1 : 0, huge: 2 ** 30 + 5 }[kind];
    return true;
  }
  return false;
}
