// The board: what threads agree on by shared memory.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test, vi } from 'vitest';
import { Board } from '../../src/kernels/transform/board.ts';

const CLAIMERS = 3;
const MOST = 64;
const PHASES = 3000; // more than the bits in the claim cell count
const MOST_WAITS = 5000;
const WORK = { table: 0, a: 0, b: 0, blocks: 0, form: 0, kind: 0 };

test('every piece of thousands of phases is claimed once, by whichever thread', async () => {
  const board = new Board();
  const table = new SharedArrayBuffer(4 * (1 + PHASES * MOST));
  const marks = new Int32Array(table);
  const claimer = new URL('./board-claimer.mjs', import.meta.url);
  const workers = Array.from(
    { length: CLAIMERS },
    (_, i) => new Worker(claimer, { workerData: { memory: board.memory, table, seat: i + 1, most: MOST } }),
  );
  let others = 0;
  let lost = 0;
  const ends = workers.map((worker) => once(worker, 'exit'));
  try {
    const counts: number[] = [];
    while (board.present < CLAIMERS) await new Promise((resolve) => setImmediate(resolve));
    board.open();
    for (let phase = 0; phase < PHASES && lost === 0; phase++) {
      const pieces = 1 + Math.floor(Math.random() * MOST);
      counts.push(pieces);
      if (phase % 50 === 0) {
        board.close();
        await new Promise((resolve) => setImmediate(resolve));
        board.open();
      }
      board.publish('middle', { ...WORK, rows: phase }, pieces);
      let own = 0;
      for (let piece = board.claim(); piece !== undefined; piece = board.claim()) {
        own++;
        Atomics.add(marks, 1 + phase * MOST + piece, 1);
      }
      others += pieces - own;
      // Piece by piece; where one was lost, that is told in the end.
      for (let waits = 0; board.done < pieces - own && waits < MOST_WAITS; waits++)
        board.sleepUntilDone(board.done, 1);
      lost += Math.max(0, pieces - own - board.done);
    }
    const found = counts.map((_, phase) => [...marks.subarray(1 + phase * MOST, 1 + (phase + 1) * MOST)]);
    const wanted = counts.map((pieces) =>
      Array.from({ length: MOST }, (_, piece) => (piece < pieces ? 1 : 0)),
    );
    expect(found).toEqual(wanted);
  } finally {
    Atomics.store(marks, 0, 1);
    board.close();
    await Promise.all(ends);
  }
  expect([lost, others > 0]).toEqual([0, true]);
  expect(board.present).toBe(0);
});

test('a piece that another thread claims between the look and the claim is claimed once', () => {
  const board = new Board();
  const other = new Board(board.memory);
  board.publish('middle', { ...WORK, rows: 1 }, 2);
  const { load } = Atomics;
  let hasLooked = false;
  let claimed: number | undefined;
  const spy = vi.spyOn(Atomics, 'load').mockImplementation(((cells: Int32Array, index: number) => {
    const seen = load(cells, index);
    if (!hasLooked) {
      hasLooked = true;
      claimed = other.claim();
    }
    return seen;
  }) as typeof Atomics.load);
  try {
    expect([board.claim(), claimed, board.claim()]).toEqual([1, 0, undefined]);
  } finally {
    spy.mockRestore();
  }
});

test('a helper that ends is counted off once, and is a loss only when it was there', () => {
  const board = new Board();
  board.lose(1); // told to help, and ended before it came
  expect([board.present, board.hasFailed]).toEqual([0, false]);
  board.arrive(2);
  board.leave(2);
  board.lose(2);
  expect([board.present, board.hasFailed]).toEqual([0, false]);
  board.arrive(1);
  board.arrive(2);
  board.lose(2);
  expect([board.present, board.hasFailed]).toEqual([1, true]);
});

test('a loss is not forgotten when the board is opened again', () => {
  const board = new Board();
  board.open();
  board.arrive(1);
  board.lose(1);
  board.close();
  board.open();
  expect(board.hasFailed).toBe(true);
});

test('phases keep different numbers when the bits of the claim cell come round', () => {
  const board = new Board();
  const numbers = new Set<number>();
  for (let phase = 0; phase < PHASES; phase++) {
    board.publish('middle', { ...WORK, rows: 1 }, 1);
    board.claim();
    numbers.add(board.phase);
  }
  expect(numbers.size).toBe(PHASES);
});

test('invitations are wished for at first, and again when one is missing', () => {
  const board = new Board();
  expect([board.takeWish(), board.takeWish()]).toEqual([true, false]);
  new Board(board.memory).wish();
  expect([board.takeWish(), board.takeWish()]).toEqual([true, false]);
});
