// What a trace says of the keys in it, and its events as a cache of any size would meet them: hits at their lookup,
// misses at their completion. What the recorded cache dropped for room is not among them: another size drops others.
import { TRACE_KINDS, type Trace, type TraceKind } from '../curves/trace.ts';

/** Whatever follows the events of a trace. */
export interface Follower {
  reference(key: number, bytes: number, owner: number): void;
  /** An entry came that nobody had asked for. */
  place(key: number, bytes: number, owner: number): void;
  delete(key: number): void;
  clear(owner: number): void;
}

export interface KeyCosts {
  readonly references: number;
  readonly joins: number;
  /** Different keys among the references. */
  readonly distinct: number;
  /** Different keys in all: those that were only shared take room too. */
  readonly keys: number;
  /** Mean of the computations, in nanoseconds; 0 without any. */
  readonly missNs: number;
  /** Of the computations of a key the mean; for a key without any the mean of all. */
  costOf(key: number): number;
  /** What the entry of a key weighed last; for one that never came in the mean of all. */
  bytesOf(key: number): number;
}

interface Known {
  completions: number;
  costNs: number;
  bytes: number;
  isReferenced: boolean;
}

export function keyCosts(trace: Trace): KeyCosts {
  const known = new Map<number, Known>();
  let [references, joins, distinct, completions, costNs] = [0, 0, 0, 0, 0];
  for (let i = 0; i < trace.length; i++) {
    const kind = kindAt(trace, i);
    if (kind === 'join') joins++;
    if (kind !== 'hit' && kind !== 'complete' && kind !== 'share') continue;
    const key = trace.keys[i] ?? 0;
    const of = known.get(key) ?? { completions: 0, costNs: 0, bytes: 0, isReferenced: false };
    known.set(key, of);
    if (kind !== 'hit') of.bytes = trace.bytes[i] ?? 0;
    if (kind === 'share') continue;
    references++;
    if (!of.isReferenced) distinct++;
    of.isReferenced = true;
    if (kind === 'hit') continue;
    const cost = trace.costsNs[i] ?? 0;
    completions++;
    of.completions++;
    of.costNs += cost;
    costNs += cost;
  }
  const missNs = completions > 0 ? costNs / completions : 0;
  const meanBytes = meanOf([...known.values()].map(({ bytes }) => bytes).filter((bytes) => bytes > 0));
  return {
    references,
    joins,
    distinct,
    keys: known.size,
    missNs,
    costOf: (key) => {
      const of = known.get(key);
      return of === undefined || of.completions === 0 ? missNs : of.costNs / of.completions;
    },
    bytesOf: (key) => known.get(key)?.bytes || meanBytes,
  };
}

export function follow(trace: Trace, { bytesOf }: KeyCosts, follower: Follower): void {
  for (let i = 0; i < trace.length; i++) {
    const key = trace.keys[i] ?? 0;
    const owner = trace.functionOf[i] ?? 0;
    switch (kindAt(trace, i)) {
      case 'hit':
      case 'complete':
        follower.reference(key, bytesOf(key), owner);
        break;
      case 'share':
        follower.place(key, bytesOf(key), owner);
        break;
      case 'delete':
        follower.delete(key);
        break;
      case 'clear':
        follower.clear(owner);
        break;
    }
  }
}

function kindAt(trace: Trace, i: number): TraceKind | undefined {
  return TRACE_KINDS[trace.kinds[i] ?? 0];
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
