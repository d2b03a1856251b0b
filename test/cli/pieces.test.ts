import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReaderGone } from '../../src/cli/failure.ts';
import { type Piece, piecesOf, sha256Of, writePieces } from '../../src/cli/pieces.ts';

const ALIVE = new AbortController().signal;
const QUIET = { signal: ALIVE, onWritten() {} };

describe('a long text in pieces', () => {
  it('is whole again when the pieces are put together', () => {
    const text = '0123456789'.repeat(50_000);
    const pieces = [...piecesOf(text)];
    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces.join('')).toBe(text);
    expect([...piecesOf('')]).toEqual([]);
  });

  it('is never cut inside a pair of surrogates', () => {
    fc.assert(
      fc.property(fc.nat(3), (shift) => {
        const text = 'a'.repeat(shift) + '😀'.repeat(70_000);
        expect(Buffer.concat([...piecesOf(text)].map((piece) => Buffer.from(piece))).toString()).toBe(text);
      }),
      { numRuns: 4 },
    );
  });

  it('has the SHA-256 of the whole', async () => {
    const text = 'é9'.repeat(100_000);
    expect(await sha256Of(piecesOf(text))).toBe(createHash('sha256').update(text).digest('hex'));
  });
});

describe('writing pieces', () => {
  it('waits for each to be taken before it sends the next, and sends small ones together', async () => {
    const taken: Piece[] = [];
    let underWay = 0;
    const output = {
      async write(text: Piece) {
        expect(++underWay).toBe(1);
        await Promise.resolve();
        taken.push(text);
        underWay--;
      },
    };
    const lengths: number[] = [];
    const pieces = ['a', 'b', 'c'.repeat(70_000), 'd', '\n'];
    await writePieces(output, pieces, { signal: ALIVE, onWritten: (length) => lengths.push(length) });
    expect(taken).toEqual([`ab${'c'.repeat(70_000)}`, 'd\n']);
    expect(lengths).toEqual([70_002, 70_004]);
  });

  it('keeps the order of text and bytes, and does not copy bytes', async () => {
    const taken: Piece[] = [];
    const output = {
      async write(piece: Piece) {
        taken.push(piece);
      },
    };
    const bytes = [Buffer.from('12'), Buffer.from('34')] as const;
    await writePieces(output, ['"', ...bytes, '"', '\n'], QUIET);
    expect(taken).toEqual(['"', bytes[0], bytes[1], '"\n']);
    expect(taken[1]).toBe(bytes[0]);
  });

  it('ends at once when aborted, although the reader takes nothing', async () => {
    const controller = new AbortController();
    const output = { write: () => new Promise<void>(() => {}) };
    const writing = writePieces(output, ['text'], { signal: controller.signal, onWritten() {} });
    controller.abort();
    await expect(writing).rejects.toThrow('abort');
    await expect(
      writePieces(output, ['text'], { signal: controller.signal, onWritten() {} }),
    ).rejects.toThrow();
  });

  it('fails with the error of its output', async () => {
    const output = { write: () => Promise.reject(new ReaderGone()) };
    await expect(writePieces(output, ['text'], QUIET)).rejects.toThrow(ReaderGone);
  });
});
