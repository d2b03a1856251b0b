// A crew of several threads that do the pieces of each phase in any order, all of them in this one thread.

import { type Crew, TASKS, type TaskName } from '../../src/kernels/transform/crew.ts';
import { Engine } from '../../src/kernels/transform/engine.ts';
import { instantiate, newMemory } from '../../src/kernels/transform/open.ts';
import { threadOn } from '../../src/kernels/transform/thread.ts';
export interface Shuffled {
  readonly engine: Engine;
  /** The most pieces of each phase so far. */
  readonly pieces: ReadonlyMap<TaskName, number>;
}

export function shuffledEngine(threads: number): Shuffled {
  const memory = newMemory();
  const members = Array.from({ length: threads }, (_, index) => threadOn(memory, instantiate(memory), index));
  const most = new Map<TaskName, number>();
  const crew: Crew = {
    run(name, work, pieces) {
      most.set(name, Math.max(pieces, most.get(name) ?? 0));
      const numbers: object = work;
      if (!Object.values(numbers).every(Number.isFinite)) throw new TypeError(`${name}: not numbers only`);
      for (const piece of shuffled(pieces)) {
        const member = members[Math.floor(Math.random() * threads)];
        if (member === undefined) throw new RangeError('no such thread');
        TASKS[name].doPiece(member, { ...work }, piece);
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
