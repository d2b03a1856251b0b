import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codePoints } from '../../../../workers/functions/code-points.ts';
import { editDistance } from '../../../../workers/functions/edit-distance.ts';
import * as blocks from '../../../../workers/functions/parallel/edit-blocks.ts';
import { outerEdges } from '../../../../workers/functions/parallel/edit-kernel.ts';
import { blockCost, type TextBlock } from '../../../../workers/functions/parallel/text-blocks.ts';

const text = (maxLength: number, letters: readonly string[]): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...letters), maxLength });
const few = text(200, ['a', 'b', 'c']);
const many = fc.string({ unit: 'binary', maxLength: 150 });
/** Texts of every length, half of the pairs much alike. */
const pair = fc.oneof(
  fc.tuple(few, few),
  fc.tuple(many, many),
  fc.tuple(few, few, few).map(([a, b, c]): [string, string] => [a + b + c, a + c]),
);

const inline = (part: TextBlock): Promise<ReturnType<typeof blocks.base>> =>
  Promise.resolve(blocks.base(part));

describe('the edit distance a word at a time', () => {
  test('agrees with the table a cell at a time, for few letters and for all code points', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(blocks.editDistanceOf(codePoints(a), codePoints(b))).toBe(editDistance(a, b));
      }),
      { numRuns: 500 },
    );
  });

  test('agrees at the ends of words', () => {
    for (const rows of [31, 32, 33, 63, 64, 65, 96]) {
      for (const columns of [1, 7, 32, 33]) {
        const a = 'ab'.repeat(rows).slice(0, rows);
        const b = 'aab'.repeat(columns).slice(0, columns);
        expect(blocks.editDistanceOf(codePoints(a), codePoints(b))).toBe(editDistance(a, b));
      }
    }
  });

  test('counts the letters of a text beside an empty one', () => {
    const long = new Uint32Array(3000).fill(97);
    expect(blocks.editDistanceOf(long, new Uint32Array())).toBe(3000);
    expect(blocks.editDistanceOf(new Uint32Array(), long)).toBe(3000);
  });
});

describe('the edit distance by blocks', () => {
  test('agrees, whatever the size of the blocks', async () => {
    await fc.assert(
      fc.asyncProperty(pair, fc.integer({ min: 16, max: 20_000 }), async ([a, b], blockCells) => {
        const distance = await blocks.editDistanceByBlocks(codePoints(a), codePoints(b), {
          block: inline,
          blockCells,
        });
        expect(distance).toBe(editDistance(a, b));
      }),
      { numRuns: 300 },
    );
  });

  test('asks for one block for texts of some thousand letters', async () => {
    let asked = 0;
    const a = codePoints('abcd'.repeat(500));
    const block = (part: TextBlock): ReturnType<typeof inline> => {
      asked++;
      return inline(part);
    };
    expect(await blocks.editDistanceByBlocks(a, a, { block })).toBe(0);
    expect(asked).toBe(1);
  });

  test('leaves the edges given to a block as they are, and sends no more of a text than its piece', async () => {
    const a = codePoints('abcdefgh'.repeat(40));
    await blocks.editDistanceByBlocks(a, a, {
      blockCells: 4096,
      block: (part) => {
        const before = structuredClone(part);
        const edges = inline(part);
        expect(part).toEqual(before);
        expect(part.a.buffer.byteLength).toBe(part.a.byteLength);
        expect(part.b.buffer.byteLength).toBe(part.b.byteLength);
        return edges;
      },
    });
  });

  test('costs as many words as it goes through', () => {
    const { across, down } = outerEdges(33, 10);
    const part = { a: new Uint32Array(33), b: new Uint32Array(10), letters: 1, across, down };
    expect(blockCost(part)).toBe(20);
  });
});
