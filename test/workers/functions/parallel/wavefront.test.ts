import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type BlockPlace,
  cutBlocks,
  type Edges,
  wavefront,
} from '../../../../workers/functions/parallel/wavefront.ts';

interface Asked {
  readonly place: BlockPlace;
  answer(edges: Edges): void;
  fail(error: Error): void;
}

const grid = {
  across: [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)],
  down: [Int32Array.of(10), Int32Array.of(20)],
};

/** A wavefront whose blocks wait to be answered. */
function start(): { readonly asked: Asked[]; readonly edges: ReturnType<typeof wavefront> } {
  const asked: Asked[] = [];
  const edges = wavefront(
    grid,
    (place) =>
      new Promise((answer, fail) => {
        asked.push({ place, answer, fail });
      }),
  );
  return { asked, edges };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const places = (asked: readonly Asked[]): string[] =>
  asked.map(({ place }) => `${place.row},${place.column}`);

describe('a wavefront', () => {
  test('asks for a block when the one above and the one on the left are there, and hands their edges on', async () => {
    const { asked, edges } = start();
    await turn();
    expect(places(asked)).toEqual(['0,0']);
    expect(asked[0]?.place).toEqual({ row: 0, column: 0, across: grid.across[0], down: grid.down[0] });
    asked[0]?.answer({ across: Uint8Array.of(4), down: Int32Array.of(40) });
    await turn();
    expect(places(asked)).toEqual(['0,0', '0,1', '1,0']);
    expect(asked[1]?.place).toMatchObject({ across: Uint8Array.of(2), down: Int32Array.of(40) });
    expect(asked[2]?.place).toMatchObject({ across: Uint8Array.of(4), down: Int32Array.of(20) });
    for (let i = 1; i < 6; i++) {
      asked[i]?.answer({ across: Uint8Array.of(i), down: Int32Array.of(10 * i) });
      await turn();
    }
    const order = places(asked);
    expect([...order].sort()).toEqual(['0,0', '0,1', '0,2', '1,0', '1,1', '1,2']);
    const answered = (place: string): number => order.indexOf(place);
    await expect(edges).resolves.toEqual({
      across: ['1,0', '1,1', '1,2'].map((place) => Uint8Array.of(answered(place))),
      down: ['0,2', '1,2'].map((place) => Int32Array.of(10 * answered(place))),
    });
  });

  test('fails with the first block that fails, and asks for none that needs it', async () => {
    const { asked, edges } = start();
    await turn();
    asked[0]?.fail(new Error('no'));
    await expect(edges).rejects.toThrow('no');
    await turn();
    expect(asked).toHaveLength(1);
  });
});

describe('the cuts of blocks', () => {
  test('cover both texts without a gap, rows by whole words', () => {
    fc.assert(
      fc.property(
        fc.nat(3000),
        fc.nat(3000),
        fc.integer({ min: 1, max: 100_000 }),
        (rows, columns, cells) => {
          const cuts = cutBlocks(rows, columns, cells);
          for (const [pieces, length] of [[cuts.rows, rows] as const, [cuts.columns, columns] as const]) {
            expect(pieces.reduce((end, [from, to]) => (from === end && to > from ? to : Number.NaN), 0)).toBe(
              length,
            );
          }
          for (const [from] of cuts.rows) expect(from % 32).toBe(0);
        },
      ),
    );
  });

  test('leave short texts in one block, and bound the blocks of the longest', () => {
    expect(cutBlocks(1000, 2000)).toEqual({ rows: [[0, 1000]], columns: [[0, 2000]] });
    const { rows, columns } = cutBlocks(2 ** 16, 2 ** 16);
    expect(rows.length * columns.length).toBeLessThan(700);
  });
});
