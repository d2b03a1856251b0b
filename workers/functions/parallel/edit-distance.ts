// Edit distances of long texts by all workers of a pool: by blocks of the table.
import { ask } from '../../../src/compute/call.ts';
import { codePoints } from '../code-points.ts';
import { domains } from '../domains.ts';
import { editDistance as alone } from '../edit-distance.ts';
import { type Divided, divided } from './divided.ts';
import { editDistanceByBlocks } from './edit-blocks.ts';
import type { EditEdges } from './edit-kernel.ts';
import { blockCost, type TextBlock } from './text-blocks.ts';

export { base as block } from './edit-blocks.ts';

// Four blocks of some 2 ms.
const LEAST_CELLS = 2 ** 26;

export const editDistance: Divided<typeof alone.wrapped> = divided(alone, domains.editDistance, (a, b) => {
  if (a.length * b.length < LEAST_CELLS) return undefined;
  const [one, other] = [codePoints(a), codePoints(b)];
  const total = blockCost({ a: one, b: other });
  const block = (part: TextBlock) =>
    ask({
      name: 'editDistance/block',
      args: [part],
      parts: 0,
      weight: blockCost(part),
      total,
    }) as Promise<EditEdges>;
  return editDistanceByBlocks(one, other, { block });
});
