// Longest common subsequences of long texts by all workers of a pool: by blocks of the table, and pieces of the texts.
import { ask } from '../../../src/compute/call.ts';
import { codePoints } from '../code-points.ts';
import { domains } from '../domains.ts';
import { lcs as alone, textOf } from '../lcs.ts';
import { type Divided, divided, turned } from './divided.ts';
import { commonByBlocks } from './lcs-blocks.ts';
import type { LengthEdges } from './lcs-kernel.ts';
import { blockCost, type TextBlock } from './text-blocks.ts';

export { base as block, commonOf as whole } from './lcs-blocks.ts';

// Four blocks of some 2 ms for each half.
const LEAST_CELLS = 2 ** 27;

export const lcs: Divided<typeof alone.wrapped> = divided(alone, domains.lcs, (a, b) => {
  if (a.length * b.length < LEAST_CELLS) return undefined;
  const [one, other] = [codePoints(a), codePoints(b)];
  // Hirschberg goes through the table once, then through halves of it.
  const total = 2 * blockCost({ a: one, b: other });
  const common = commonByBlocks(one, other, {
    block: (part: TextBlock) =>
      ask({
        name: 'lcs/block',
        args: [part],
        parts: 0,
        weight: blockCost(part),
        total,
      }) as Promise<LengthEdges>,
    whole: (left, right) => {
      const weight = 2 * blockCost({ a: left, b: right });
      return ask({ name: 'lcs/whole', args: [left, right], parts: 0, weight, total }) as Promise<Uint32Array>;
    },
  });
  return turned(common, textOf);
});
