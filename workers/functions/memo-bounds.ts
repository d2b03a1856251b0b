// The bounds of the memos in this folder: each function of each worker keeps what fits, and no more.
import type { MemoizeOptions } from '../../src/compute/memoize.ts';

type Bounds = Omit<MemoizeOptions, 'key'>;

const MIB = 2 ** 20;

/** For a function's results. A longer result is returned and not kept here: the front cache has it. */
export const RESULTS: Bounds = { maxsize: null, maxBytes: 16 * MIB, typed: false };

/** For what a recursion leads through, and only numbers index. */
export const STEPS: Bounds = { maxsize: null, maxBytes: 48 * MIB };
