// Who is told of what happens at the front cache, event by event: a recording. Told in the turn in which it happens, so it
// must be quick, and must not throw.
import type { MemoKey } from '../values/key.ts';
import type { Line } from './line.ts';

/** What a result comes to in the cache. */
export interface Weighed {
  /** What the entry weighs, its bookkeeping included. */
  readonly bytes: number;
  /** Milliseconds that computing it took. */
  readonly computeMs: number;
}

export interface FrontObserver {
  /** A call was answered from the front cache. */
  onHit(line: Line, key: MemoKey): void;
  /** A call joined a computation under way. */
  onJoin(line: Line, key: MemoKey): void;
  /** A computation was answered, before its result enters: also one that is too large to be kept, or comes too late. */
  onComplete(line: Line, key: MemoKey, weighed: Weighed): void;
  /** A result enters that nobody has called for. */
  onShare(line: Line, key: MemoKey, weighed: Weighed): void;
  /** An entry was dropped to keep the bounds. */
  onEvict(line: Line, key: MemoKey): void;
  /** An entry was dropped because the user said so; or it was to be, and was still being computed. */
  onDelete(line: Line, key: MemoKey): void;
  /** All entries of a line were. */
  onClear(line: Line): void;
}
