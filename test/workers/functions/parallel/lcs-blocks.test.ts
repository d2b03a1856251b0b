import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codePoints } from '../../../../workers/functions/code-points.ts';
import { lcs } from '../../../../workers/functions/lcs.ts';
import * as blocks from '../../../../workers/functions/parallel/lcs-blocks.ts';
import { emptyEdges, plainGrowth, sweepLengths } from '../../../../workers/functions/parallel/lcs-kernel.ts';
import { blockCost, type TextBlock } from '../../../../workers/functions/parallel/text-blocks.ts';

const few = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '😀'), maxLength: 200 });
const many = fc.string({ unit: 'binary', maxLength: 150 });
/** Texts of every length, a third of the pairs much alike. */
const pair = fc.oneof(
  fc.tuple(few, few),
  fc.tuple(many, many),
  fc.tuple(few, few, few).map(([a, b, c]): [string, string] => [a + b + c, a + c]),
);

const asText = (points: Uint32Array): string =>
  Array.from(points, (point) => String.fromCodePoint(point)).join('');

describe('the longest common subsequence a word at a time', () => {
  test('is the one that the table a cell at a time gives, letter by letter', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(asText(blocks.commonOf(codePoints(a), codePoints(b)))).toBe(lcs(a, b));
      }),
      { numRuns: 500 },
    );
  });

  test('grows with each letter as in the table a cell at a time, and leaves the table of letters empty', () => {
    const letter = fc.integer({ min: 0, max: 4 });
    const rows = fc
      .array(
        letter.map((n) => n + 1),
        { maxLength: 100 },
      )
      .map((list) => Uint32Array.from(list));
    const columns = fc.array(letter, { maxLength: 100 }).map((list) => Uint32Array.from(list));
    const matches = new Int32Array(6);
    fc.assert(
      fc.property(rows, columns, (a, b) => {
        const edges = emptyEdges(a.length, b.length);
        sweepLengths({ a, b, letters: 6 }, edges, matches);
        expect(edges.across).toEqual(plainGrowth(a, b));
        expect(matches.every((word) => word === 0)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the longest common subsequence by blocks', () => {
  const parts: blocks.CommonParts = {
    block: (part) => Promise.resolve(blocks.base(part)),
    whole: (a, b) => Promise.resolve(blocks.commonOf(a, b)),
  };

  test('is the same one, whatever the size of the blocks and how far the texts are divided', async () => {
    const cells = fc.record({
      blockCells: fc.integer({ min: 16, max: 20_000 }),
      minDivided: fc.integer({ min: 1, max: 10_000 }),
    });
    await fc.assert(
      fc.asyncProperty(pair, cells, async ([a, b], sizes) => {
        const common = await blocks.commonByBlocks(codePoints(a), codePoints(b), { ...parts, ...sizes });
        expect(asText(common)).toBe(lcs(a, b));
      }),
      { numRuns: 300 },
    );
  });

  test('asks for texts of some thousand letters whole', async () => {
    const a = codePoints('abcd'.repeat(500));
    const block = (): Promise<never> => Promise.reject(new Error('asked for a block'));
    expect(await blocks.commonByBlocks(a, a, { ...parts, block })).toEqual(a);
  });

  test('leaves the edges given to a block as they are, and sends no more of a text than its piece', async () => {
    const a = codePoints('abcdefgh'.repeat(40));
    const block = (part: TextBlock): ReturnType<typeof parts.block> => {
      const before = structuredClone(part);
      const edges = parts.block(part);
      expect(part).toEqual(before);
      expect(part.a.buffer.byteLength).toBe(part.a.byteLength);
      expect(part.b.buffer.byteLength).toBe(part.b.byteLength);
      return edges;
    };
    const common = await blocks.commonByBlocks(a, a, { ...parts, block, blockCells: 4096, minDivided: 4096 });
    expect(common).toEqual(a);
  });

  test('costs as many words as it goes through', () => {
    const edges = emptyEdges(65, 10);
    expect(blockCost({ ...edges, a: new Uint32Array(65), b: new Uint32Array(10) })).toBe(30);
  });
});
