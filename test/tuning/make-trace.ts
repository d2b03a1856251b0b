// Traces made by hand.
import { TRACE_KINDS, type Trace, type TraceKind } from '../../src/curves/trace.ts';

export interface MadeEvent {
  readonly kind: TraceKind;
  readonly key: number;
  readonly bytes?: number;
  readonly costNs?: number;
  readonly owner?: number;
}

export function makeTrace(events: readonly MadeEvent[], header?: Trace['header']): Trace {
  return {
    header,
    functions: ['f', 'g'],
    length: events.length,
    timesUs: Float64Array.from(events, (_, i) => i),
    kinds: Uint8Array.from(events, ({ kind }) => TRACE_KINDS.indexOf(kind)),
    functionOf: Uint16Array.from(events, ({ owner = 0 }) => owner),
    keys: Float64Array.from(events, ({ key }) => key),
    bytes: Float64Array.from(events, ({ bytes = 0 }) => bytes),
    costsNs: Float64Array.from(events, ({ costNs = 0 }) => costNs),
    left: 0,
  };
}

/** As recorded without a bound: the first of a key is computed, the others hit. */
export function tracedCalls(
  keys: Iterable<number>,
  of: (key: number) => Omit<MadeEvent, 'kind' | 'key'>,
): Trace {
  const seen = new Set<number>();
  const events: MadeEvent[] = [];
  for (const key of keys) {
    events.push(seen.has(key) ? { kind: 'hit', key } : { kind: 'complete', key, ...of(key) });
    seen.add(key);
  }
  return makeTrace(events);
}
