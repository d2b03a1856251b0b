// The memos of this thread: every memoized function enrols here, so that a worker can clear them all.
// The list hangs on the global object, because a user's module may bring its own copy of this package.

/** What a memo offers to the thread it lives in. */
export interface Memo {
  cacheClear(): void;
  /** A memo of an older copy of this package may lack it. */
  readonly [INSIDE]?: MemoInside;
}

/** What is not the user's affair. */
export interface MemoInside {
  /** The bytes that it keeps: exact with a bound of bytes, else an estimate from some of its entries. */
  weigh(): number;
  /** Computations that began and did not complete since this was last asked: while none is under way, those that threw. */
  takeUnfinished(): number;
  /** Forgets every result and counts them as evicted; what is being computed is not kept. */
  shed(): void;
}

export const INSIDE: unique symbol = Symbol.for('memopool.inside') as never;

const MEMOS: unique symbol = Symbol.for('memopool.memos') as never;

type Host = { [MEMOS]?: Set<WeakRef<Memo>> };

function memos(): Set<WeakRef<Memo>> {
  const host = globalThis as Host;
  host[MEMOS] ??= new Set();
  return host[MEMOS];
}

/** Enrols a memo; it can still be collected once nothing else refers to it. */
export function enrolMemo(memo: Memo): void {
  const list = memos();
  list.add(new WeakRef(memo));
  if (list.size >= sweepAt) sweep(list);
}

/** Every memo of this thread that is alive. */
export function* everyMemo(): Generator<Memo> {
  for (const reference of memos()) {
    const memo = reference.deref();
    if (memo !== undefined) yield memo;
  }
}

/**
 * How many computations of memos began and did not complete since this was last asked. Right after a call threw, with
 * nothing else under way, the levels of memoized functions it was deep.
 */
export function takeUnfinished(): number {
  let levels = 0;
  for (const memo of everyMemo()) levels += Math.max(0, memo[INSIDE]?.takeUnfinished() ?? 0);
  return levels;
}

/** Empties every memo of this thread. */
export function clearMemos(): void {
  for (const memo of everyMemo()) memo.cacheClear();
}

// Collected memos are swept when the list has doubled, so the list stays within twice what is alive.
let sweepAt = 64;

function sweep(list: Set<WeakRef<Memo>>): void {
  for (const reference of list) if (reference.deref() === undefined) list.delete(reference);
  sweepAt = Math.max(64, 2 * list.size);
}
