// The leader, with a board on which the test itself plays the helpers, and a clock of its own.

import { describe, expect, test } from 'vitest';
import { Board } from '../../src/kernels/transform/board.ts';
import { help } from '../../src/kernels/transform/helper.ts';
import { HelperError, Leader } from '../../src/kernels/transform/leader.ts';
import type { KernelExports } from '../../src/kernels/transform/thread.ts';

const PIECES = 16;
const PIECE_MS = 0.1;
const WORK = { rows: 64, table: 0, a: 0, b: 0, blocks: 0, form: 0, kind: 3 };

/** Kernels that do nothing but count the pieces. */
class Bench {
  readonly board = new Board();
  readonly asked: number[] = [];
  now = 0;
  own = 0;
  /** Done before each piece of the leader's. */
  atPiece: () => void = () => {};
  /** What a helper takes for a piece after the leader has begun to wait. */
  waitMs: number | undefined;
  readonly leader: Leader;
  #atEnd: (() => void)[] = [];

  constructor() {
    const { board } = this;
    // A wait ends when the helper is done, by this clock.
    board.sleepUntilDone = () => {
      if (this.waitMs === undefined) return;
      this.now += this.waitMs;
      board.finish(false);
    };
    this.leader = new Leader({
      board,
      thread: {
        exports: new Proxy({}, { get: () => () => {} }) as KernelExports,
        index: 0,
        buffer: new ArrayBuffer(0),
      },
      onPiece: () => {
        this.own++;
        this.now += PIECE_MS;
        this.atPiece();
      },
      recruit: (elapsedMs) => this.asked.push(elapsedMs),
      atEnd: (callback) => this.#atEnd.push(callback),
      now: () => {
        this.now += this.waitMs === undefined ? 0 : 0.01;
        return this.now;
      },
    });
  }

  /** @returns how many pieces the leader did itself */
  phase(): number {
    const before = this.own;
    this.leader.run('middle', WORK, PIECES);
    return this.own - before;
  }

  end(): void {
    for (const callback of this.#atEnd.splice(0)) callback();
  }

  /** A helper that takes one piece as the leader begins, and is done so long after the leader has nothing left. */
  takeOne(waitMs: number): void {
    this.waitMs = waitMs;
    let isTaken = false;
    this.atPiece = () => {
      if (!isTaken) this.board.claim();
      isTaken = true;
    };
  }
}

describe('a leader', () => {
  test('does all by itself while nobody is there, and asks for help now and then', () => {
    const bench = new Bench();
    for (let phase = 0; phase < 30; phase++) expect(bench.phase()).toBe(PIECES);
    const [first, ...others] = bench.asked;
    expect(first).toBe(0);
    expect(others.length).toBe(2); // 48 ms, at the most once in 20
  });

  test('opens its board for its work, and closes it at the end', () => {
    const bench = new Bench();
    expect(bench.board.isOpen).toBe(false);
    bench.phase();
    expect(bench.board.isOpen).toBe(true);
    bench.end();
    expect(bench.board.isOpen).toBe(false);
    bench.phase();
    expect([bench.board.isOpen, bench.asked.length]).toEqual([true, 2]);
  });

  test('is alone for ten times what a slow helper has cost, and is not heard asking', () => {
    const bench = new Bench();
    bench.board.arrive(1);
    const pauses: number[] = [];
    for (let i = 0; i < 3; i++) {
      bench.takeOne(50);
      bench.phase();
      bench.atPiece = () => {};
      const { length } = bench.asked;
      const begin = bench.now;
      // Alone it does not publish: the number of the phase stays.
      for (const { phase } = bench.board; bench.board.phase === phase; ) bench.phase();
      pauses.push(bench.now - begin);
      expect(bench.asked.length - length).toBeLessThanOrEqual(1);
    }
    for (const pause of pauses) expect(pause).toBeGreaterThan(450);
  });

  test('bears a delay that its helpers have made up for before', () => {
    const bench = new Bench();
    bench.board.arrive(1);
    for (let i = 0; i < 100; i++) {
      bench.takeOne(0.01);
      bench.phase();
    }
    const { phase } = bench.board;
    bench.takeOne(2);
    bench.phase();
    bench.atPiece = () => {};
    bench.phase();
    expect(bench.board.phase).toBe(phase + 2);
  });

  test('that is stopped waits for what is begun, leaves nothing to claim, and goes on later', () => {
    const bench = new Bench();
    bench.board.arrive(1);
    bench.takeOne(0.01);
    const take = bench.atPiece;
    bench.atPiece = () => {
      take();
      throw new Error('stop');
    };
    expect(() => bench.phase()).toThrow('stop');
    expect([bench.board.done, bench.board.claim()]).toEqual([1, undefined]);
    bench.atPiece = () => {};
    expect(bench.phase()).toBe(PIECES);
  });

  test('that is stopped says so, whatever has become of the helpers; its memory is lost', () => {
    const bench = new Bench();
    bench.board.arrive(1);
    bench.atPiece = () => {
      bench.board.claim();
      bench.board.lose(1);
      throw new Error('stop');
    };
    expect(() => bench.phase()).toThrow('stop');
    expect(bench.leader.isLost).toBe(true);
    bench.atPiece = () => {};
    expect(() => bench.phase()).toThrow(HelperError);
  });

  test('whose helper fails in the midst throws, and from then on', () => {
    const bench = new Bench();
    bench.board.arrive(1);
    bench.atPiece = () => {
      bench.board.claim();
      bench.board.lose(1);
    };
    expect(() => bench.phase()).toThrow(HelperError);
    bench.end();
    expect(() => bench.phase()).toThrow(HelperError);
  });
});

describe('a helper', () => {
  const thread = {
    exports: new Proxy({}, { get: () => () => {} }) as KernelExports,
    index: 1,
    buffer: new ArrayBuffer(0),
  };

  test('waits while there is nothing, and does what there is', () => {
    const board = new Board();
    expect(help(board, thread)).toBe('waited');
    board.open();
    expect(help(board, thread)).toBe('waited');
    board.publish('middle', WORK, PIECES);
    expect(help(board, thread)).toBe('worked');
    while (board.done < PIECES) help(board, thread); // a slice of a busy machine may have room for fewer
    expect([board.done, board.claim()]).toEqual([PIECES, undefined]);
    board.close();
    expect(help(board, thread)).toBe('waited');
  });

  test('that fails in a piece says so, and the phase ends', () => {
    const board = new Board();
    board.open();
    board.publish('middle', WORK, PIECES);
    const failing = { exports: {} as KernelExports, index: 1, buffer: new ArrayBuffer(0) };
    while (board.done < PIECES) help(board, failing);
    expect([board.done, board.hasFailed]).toEqual([PIECES, true]);
  });
});
