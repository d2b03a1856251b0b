// A crew of several threads that do the pieces of each phase in any order, all of them in this one thread.
import type { Crew, TaskName, Works } from '../../src/kernels/transform/crew.ts';
import { Engine } from '../../src/kernels/transform/engine.ts';
import { instantiate, newMemory } from '../../src/kernels/transform/open.ts';
import { doJoin, doMiddle, doSplit, type Thread } from '../../src/kernels/transform/tasks.ts';
import { doBytes, doResidues, doText } from '../../src/kernels/transform/tasks-out.ts';

const TASKS: { readonly [Name in TaskName]: (thread: Thread, work: Works[Name], piece: number) => void } = {
  split: doSplit,
  middle: doMiddle,
  join: doJoin,
  text: doText,
  bytes: doBytes,
  residues: doResidues,
};

export interface Shuffled {
  readonly engine: Engine;
  /** The most pieces of each phase so far. */
  readonly pieces: ReadonlyMap<TaskName, number>;
}

export function shuffledEngine(threads: number): Shuffled {
  const memory = newMemory();
  const instances = Array.from({ length: threads }, () => instantiate(memory));
  const most = new Map<TaskName, number>();
  const crew: Crew = {
    run(name, work, pieces) {
      most.set(name, Math.max(pieces, most.get(name) ?? 0));
      const numbers: object = work;
      if (!Object.values(numbers).every(Number.isFinite)) throw new TypeError(`${name}: not numbers only`);
      for (const piece of shuffled(pieces)) {
        const index = Math.floor(Math.random() * threads);
        const exports = instances[index] ?? instantiate(memory);
        TASKS[name]({ exports, index, buffer: memory.buffer }, { ...work }, piece);
      }
    },
  };
  return { engine: new Engine(memory, instantiate(memory), crew), pieces: most };
}

function shuffled(count: number): readonly number[] {
  return Array.from({ length: count }, (_, piece) => ({ piece, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ piece }) => piece);
}
