// The memos of this thread: every memoized function enrols here, so that a worker can clear them all.
// The list hangs on the global object, because a user's module may bring its own copy of this package.

/** What a memo offers to the thread it lives in. */
export interface Memo {
  cacheClear(): void;
}

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

/** Empties every memo of this thread. */
export function clearMemos(): void {
  for (const reference of memos()) reference.deref()?.cacheClear();
}

// Collected memos are swept when the list has doubled, so the list stays within twice what is alive.
let sweepAt = 64;

function sweep(list: Set<WeakRef<Memo>>): void {
  for (const reference of list) if (reference.deref() === undefined) list.delete(reference);
  sweepAt = Math.max(64, 2 * list.size);
}
