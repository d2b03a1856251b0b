// A thread that claims pieces of a board as a helper does, marks each in a table, and sleeps where there are none.
import { workerData } from 'node:worker_threads';
import { tsImport } from 'tsx/esm/api';

const { memory, table, seat, most } = workerData;
const { Board } = await tsImport('../../src/kernels/transform/board.ts', import.meta.url);
const board = new Board(memory);
const marks = new Int32Array(table);
board.arrive(seat);
// The first cell says that all is over.
while (Atomics.load(marks, 0) === 0) {
  const piece = board.claim();
  if (piece === undefined) {
    board.sleepUntilPublished(1);
    continue;
  }
  const { work } = board.read();
  Atomics.add(marks, 1 + ((work.rows * most + piece) % (marks.length - 1)), 1);
  board.finish(false);
}
board.leave(seat);
