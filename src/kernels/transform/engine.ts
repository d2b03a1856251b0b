// Products of numbers in digits, by the transform: what is set up before, and checked after, each step of three phases.

import { RESIDUE_BYTES } from '../residue.ts';
import { PAGE_BYTES, type SharedMemory } from '../web-assembly.ts';
import type { Base } from './base.ts';
import { alone, type Crew, type TaskName, type Works } from './crew.ts';
import { PITCH, ROUNDING } from './layout.ts';
import { digitsIn, type Shape, shapeOf } from './shapes.ts';
import { BLOCK_TABLE_BYTES, fillBlockTable, fillTable, tableBytes } from './tables.ts';
import { heldBytes, KINDS, middlePieces, SPARE_DIGITS, splitPieces } from './tasks.ts';
import { PLACE_BYTES } from './tasks-out.ts';
import { type KernelExports, threadOn } from './thread.ts';

/** A number in the memory of the kernels: `length` digits from `at` on, and what follows them is not its. */
export interface Digits {
  readonly at: number;
  readonly length: number;
}

/** p a^2 + q a b + r b^2 */
export type Form = readonly [p: number, q: number, r: number];

export interface Step {
  readonly rows: number;
  readonly base: Base;
  readonly a: Digits;
  readonly b: Digits | undefined;
  /** The address of a transform that {@link Engine.keep} made in as many rows: of b, which is then undefined. */
  readonly kept?: number | undefined;
  /** What is made of them, one or two; of a alone, its square times the first coefficient. */
  readonly forms: readonly Form[];
  /** The address of each result; it has {@link resultDigits} digits. May be where a and b are. */
  readonly to: readonly number[];
  /** Where two transforms of {@link transformBytes} have room, and the carries of {@link carryBytes}. */
  readonly work: number;
  /** Told the number of each phase, from 1 to {@link PHASES}, when it is done; may throw to stop. */
  readonly onPhase?: ((phase: number) => void) | undefined;
}

/** Of a step, which take about as long as each other. */
export const PHASES = 3;

/** A step went wrong by rounding, or might have: digits in a smaller base will do. */
export class RoundingError extends Error {
  override readonly name = 'RoundingError';
}

// What a rounding error may come to; at a half the result would be wrong unseen.
const MOST_ERROR = 0.25;

// Whole lines of the cache, and no two regions at the same place of a page.
const ALIGNMENT = 256;

const BASE_AT = 1024;
const WEIGHTS_AT: number = BASE_AT + 96;
const FORM_AT = 1152;
const WATCH_AT = 1280;
/** That share a memory. */
export const MOST_THREADS = 16;
const BLOCKS_AT = 4096;
/** Where each thread has the tables of its residues. */
export const PLACES_AT: number = align(BLOCKS_AT + BLOCK_TABLE_BYTES);
/** Where an engine's memory has room for a `ResidueKernel` of its own. */
export const RESIDUES_AT: number = PLACES_AT + MOST_THREADS * PLACE_BYTES;
const TABLES_AT: number = align(RESIDUES_AT + RESIDUE_BYTES);

export function align(address: number): number {
  return Math.ceil(address / ALIGNMENT) * ALIGNMENT;
}

export function transformBytes(rows: number): number {
  return align(rows * PITCH);
}

/** The digits that a result occupies, with those that only carries reach. */
export function resultDigits(rows: number): number {
  return digitsIn(rows) + SPARE_DIGITS;
}

/** The bytes that a step's `work` needs, for one result or two. */
export function workBytes(rows: number, count: number): number {
  return 2 * transformBytes(rows) + align(heldBytes(shapeOf(rows), count));
}

/** The bytes of memory that a job takes which finds no tables, see {@link Engine.prepare}. */
export function memoryBytes(rows: Iterable<number>, bytes: number): number {
  return endOf(rows, bytes, { has: () => false, end: TABLES_AT });
}

interface Tables {
  readonly has: (rows: number) => boolean;
  readonly end: number;
}

function endOf(rows: Iterable<number>, bytes: number, { has, end }: Tables): number {
  let at = end;
  for (const each of new Set(rows)) if (!has(each)) at = align(at) + tableBytes(shapeOf(each));
  return align(at) + bytes;
}

export class Engine {
  /** The module's functions, on the memory of this engine and the thread that opened it. */
  readonly exports: KernelExports;
  readonly #memory: SharedMemory;
  readonly #tables = new Map<number, number>();
  readonly #crew: Crew;
  #tablesEnd = TABLES_AT;
  /** The largest rounding error of all steps so far. */
  largestError = 0;

  constructor(memory: SharedMemory, exports: KernelExports, crew?: Crew) {
    this.exports = exports;
    this.#memory = memory;
    this.#crew = crew ?? alone(threadOn(memory, exports, 0));
    this.#grow(TABLES_AT);
    fillBlockTable(new Float64Array(memory.buffer, BLOCKS_AT, BLOCK_TABLE_BYTES / 8));
  }

  /** How much memory it has. */
  get bytes(): number {
    return this.buffer.byteLength;
  }

  get buffer(): ArrayBufferLike {
    return this.#memory.buffer;
  }

  /**
   * Makes the tables of all the shapes that a job needs, and room for it behind them.
   *
   * @returns the address from which on the job has `bytes`
   */
  prepare(rows: Iterable<number>, bytes: number): number {
    for (const each of rows) this.#addTable(shapeOf(each));
    const from = align(this.#tablesEnd);
    this.#grow(from + bytes);
    return from;
  }

  /** The bytes of memory that {@link prepare} would make it, with the tables that are there. */
  bytesFor(rows: Iterable<number>, bytes: number): number {
    return endOf(rows, bytes, { has: (each) => this.#tables.has(each), end: this.#tablesEnd });
  }

  /** Does every piece of a phase on what is in the memory. */
  run<Name extends TaskName>(name: Name, work: Works[Name], pieces: number): void {
    this.#crew.run(name, work, pieces);
  }

  /** Makes the transform of a number, to be kept at `to` in {@link transformBytes} of memory for many products. */
  keep(rows: number, a: Digits, to: number): void {
    const shape = shapeOf(rows);
    const place = { rows, table: this.#tables.get(rows) ?? 0 };
    const half = digitsIn(rows) / 2;
    this.#pad(a, half);
    const upperA = a.length > half ? 1 : 0;
    new Float64Array(this.buffer, WEIGHTS_AT, 2).fill(1);
    const split = {
      ...place,
      digitsA: a.at,
      digitsB: 0,
      a: to,
      b: 0,
      upperA,
      upperB: 0,
      weights: WEIGHTS_AT,
    };
    this.#crew.run('split', split, splitPieces(shape, 1));
    const middle = { ...place, a: to, b: 0, blocks: BLOCKS_AT, form: FORM_AT, kind: KINDS.keep };
    this.#crew.run('middle', middle, middlePieces(shape));
  }

  step({ rows, base, a, b, kept, forms, to, work, onPhase }: Step): void {
    const shape = shapeOf(rows);
    const place = { rows, table: this.#tables.get(rows) ?? 0 };
    const half = digitsIn(rows) / 2;
    this.#setUp(base, forms, half);
    const first = work;
    const second = b === undefined ? (kept ?? 0) : work + transformBytes(rows);
    this.#pad(a, half);
    if (b !== undefined) this.#pad(b, half);
    this.#crew.run(
      'split',
      {
        ...place,
        digitsA: a.at,
        digitsB: b?.at ?? 0,
        a: first,
        b: second,
        upperA: a.length > half ? 1 : 0,
        upperB: b !== undefined && b.length > half ? 1 : 0,
        weights: WEIGHTS_AT,
      },
      splitPieces(shape, b === undefined ? 1 : 2),
    );
    onPhase?.(1);
    const kind = kept === undefined ? kindOf(b, forms) : KINDS.kept;
    this.#crew.run(
      'middle',
      { ...place, a: first, b: second, blocks: BLOCKS_AT, form: FORM_AT, kind },
      middlePieces(shape),
    );
    onPhase?.(2);
    const join = {
      ...place,
      a: first,
      b: forms.length === 2 ? second : 0,
      digitsA: to[0] ?? 0,
      digitsB: to[1] ?? 0,
      held: work + 2 * transformBytes(rows),
      base: BASE_AT,
      watch: WATCH_AT,
    };
    const pieces = splitPieces(shape, forms.length);
    this.#crew.run('join', join, pieces);
    for (const at of to) new Int32Array(this.buffer, at, resultDigits(rows)).fill(0, digitsIn(rows));
    const { digitsA, digitsB, held } = join;
    this.#crew.run('held', { rows, digitsA, digitsB, held, base: BASE_AT }, pieces);
    this.#checkWatch();
    onPhase?.(PHASES);
  }

  // What lies behind a number counts as zeros, up to the whole or the half that is read.
  #pad({ at, length }: Digits, half: number): void {
    const end = length > half ? 2 * half : half;
    if (end > length) new Int32Array(this.buffer, at, end).fill(0, length);
  }

  #setUp({ even, odd }: Base, forms: readonly Form[], size: number): void {
    const values = new Float64Array(this.buffer);
    const square = even * odd;
    const weight = Math.sqrt(even / odd);
    const pairs = [
      [even, odd],
      [1 / even, 1 / odd],
      [square, square],
      [1 / square, 1 / square],
      [ROUNDING, ROUNDING],
      [1, 1 / weight],
      [1, weight],
    ];
    values.set(pairs.flat(), BASE_AT / 8);
    values.set(
      forms.flat().map((coefficient) => coefficient / size),
      FORM_AT / 8,
    );
    values.fill(0, WATCH_AT / 8, WATCH_AT / 8 + 8 * MOST_THREADS);
  }

  #checkWatch(): void {
    const watch = new Float64Array(this.buffer, WATCH_AT, 8 * MOST_THREADS);
    let error = 0;
    for (let thread = 0; thread < MOST_THREADS; thread++) {
      error = Math.max(error, watch[8 * thread] ?? 0, watch[8 * thread + 1] ?? 0);
    }
    this.largestError = Math.max(this.largestError, error);
    if (error <= MOST_ERROR) return;
    throw new RoundingError(`a rounding error of ${error}`);
  }

  #addTable(shape: Shape): void {
    if (this.#tables.has(shape.rows)) return;
    const at = align(this.#tablesEnd);
    const bytes = tableBytes(shape);
    this.#grow(at + bytes);
    fillTable(shape, new Float64Array(this.buffer, at, bytes / 8));
    this.#tables.set(shape.rows, at);
    this.#tablesEnd = at + bytes;
  }

  /** @throws RangeError when there is not so much memory */
  #grow(bytes: number): void {
    const missing = Math.ceil((bytes - this.#memory.buffer.byteLength) / PAGE_BYTES);
    if (missing > 0) this.#memory.grow(missing);
  }
}

function kindOf(b: Digits | undefined, forms: readonly Form[]): number {
  if (b === undefined) return KINDS.square;
  if (forms.length === 2) return KINDS.two;
  const [form] = forms;
  return form !== undefined && form[0] === 0 && form[2] === 0 ? KINDS.product : KINDS.one;
}
