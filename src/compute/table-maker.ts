// Who gives memos their tables in place of the usual ones: the thread of a trial, which looks into them. Set before the
// user's module is imported. It hangs on the global object, because that module may bring its own copy of this package.
import type { AnyFunction } from '../types.ts';
import type { Table } from './lru.ts';
import type { ResolvedMemoOptions } from './memo-options.ts';

export type MemoBounds = Pick<ResolvedMemoOptions<AnyFunction>, 'maxsize' | 'maxBytes'>;

/** The table of a memo of `fn`; undefined for the usual one. */
export type TableMaker = (fn: AnyFunction, bounds: MemoBounds) => Table | undefined;

const MAKER: unique symbol = Symbol.for('memopool.tables') as never;

type Host = { [MAKER]?: TableMaker | undefined };

/** From now on memos of this thread that are made get their tables here; without a maker the usual ones. */
export function setTableMaker(maker: TableMaker | undefined): void {
  (globalThis as Host)[MAKER] = maker;
}

export function tableMaker(): TableMaker | undefined {
  return (globalThis as Host)[MAKER];
}
