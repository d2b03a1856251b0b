// Longest common subsequences by Hirschberg's division, its rows of lengths by blocks of the table.
import { type Lettered, numberLetters } from './alphabet.ts';
import { emptyEdges, type LengthEdges, plainGrowth, sweepLengths } from './lcs-kernel.ts';
import { edgeBelow, sweepBlock, type TextBlock, type TextBlocks } from './text-blocks.ts';

export function base(part: TextBlock): LengthEdges {
  return sweepBlock((texts, edges) => sweepLengths(texts, edges), part);
}

/** A longest common subsequence of two lists of code points, at once: the one that `lcs` gives. */
export function commonOf(a: Uint32Array, b: Uint32Array): Uint32Array {
  const chosen: number[] = [];
  const texts = numberLetters(a, b);
  collect({ ...texts, start: 0 }, { matches: new Int32Array(texts.letters), chosen });
  return Uint32Array.from(chosen, (i) => a[i] ?? 0);
}

/** Computes parts of a longest common subsequence, each in some worker. */
export interface CommonParts extends TextBlocks {
  /** {@link commonOf} */
  whole(a: Uint32Array, b: Uint32Array): Promise<Uint32Array>;
  /** The cells of a table from which it is divided. @default 2^25 */
  readonly minDivided?: number;
}

/**
 * The same as {@link commonOf}: the lengths for both halves of `a` by blocks, and where `b` divides both pieces again,
 * until they are short enough to go to a worker whole.
 */
export async function commonByBlocks(
  a: Uint32Array,
  b: Uint32Array,
  parts: CommonParts,
): Promise<Uint32Array> {
  if (a.length < 2 || a.length * b.length < (parts.minDivided ?? MIN_DIVIDED)) return parts.whole(a, b);
  const half = Math.floor(a.length / 2);
  const [before, after] = await Promise.all([
    edgeBelow([a.slice(0, half), b], emptyEdges, parts),
    edgeBelow([a.slice(half).reverse(), b.slice().reverse()], emptyEdges, parts),
  ]);
  const cut = bestCut(before, after);
  const [first, second] = await Promise.all([
    commonByBlocks(a.slice(0, half), b.slice(0, cut), parts),
    commonByBlocks(a.slice(half), b.slice(cut), parts),
  ]);
  const common = new Uint32Array(first.length + second.length);
  common.set(first);
  common.set(second, first.length);
  return common;
}

// Some 10 ms of one thread.
const MIN_DIVIDED = 2 ** 25;

/** Two pieces of the texts, the first of which begins at `start` of the whole. */
interface Pieces extends Lettered {
  readonly start: number;
}

interface Collection {
  /** For the kernel, zeros between its calls. */
  readonly matches: Int32Array;
  /** Where the letters of the subsequence stand in the first text, in order. */
  readonly chosen: number[];
}

function collect({ a, b, letters, start }: Pieces, to: Collection): void {
  if (a.length === 0 || b.length === 0) return;
  const [only] = a;
  if (a.length === 1 && only !== undefined) {
    if (b.includes(only)) to.chosen.push(start);
    return;
  }
  const half = Math.floor(a.length / 2);
  const first = a.subarray(0, half);
  const second = a.subarray(half);
  const cut = bestCut(
    growth({ a: first, b, letters }, to.matches),
    growth({ a: second.slice().reverse(), b: b.slice().reverse(), letters }, to.matches),
  );
  collect({ a: first, b: b.subarray(0, cut), letters, start }, to);
  collect({ a: second, b: b.subarray(cut), letters, start: start + half }, to);
}

// A word of the kernel is a column of 32 cells at the time of some four.
const MIN_SWEPT_ROWS = 8;

/** How the lengths for all of `a` grow with each letter of `b`. */
function growth(texts: Lettered, matches: Int32Array): Uint8Array {
  if (texts.a.length < MIN_SWEPT_ROWS) return plainGrowth(texts.a, texts.b);
  const edges = emptyEdges(texts.a.length, texts.b.length);
  sweepLengths(texts, edges, matches);
  return edges.across;
}

/** The first cut of `b` whose two lengths, of the part before it and of the part after it, add up to the most. */
function bestCut(before: Uint8Array, after: Uint8Array): number {
  let sum = after.reduce((total, step) => total + step, 0);
  let best = sum;
  let cut = 0;
  for (let j = 0; j < before.length; j++) {
    sum += (before[j] ?? 0) - (after[before.length - 1 - j] ?? 0);
    if (sum <= best) continue;
    best = sum;
    cut = j + 1;
  }
  return cut;
}
