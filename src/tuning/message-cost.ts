// What messages cost, put on top of what functions cost: a miss takes its caller both, a hit neither.
//
// A message takes about as long as copying 64 KiB does, whatever is in it, and then as long as copying that: so its share is
// by the weight of the result and that much.
import { TRACE_KINDS, type Trace } from '../curves/trace.ts';

const MESSAGE_BYTES = 64 * 1024;
const COMPLETE = TRACE_KINDS.indexOf('complete');

/** What messages of a trace's computations took together, or what one of a small result takes; in nanoseconds. */
export type MessageTime = { readonly totalNs: number } | { readonly smallNs: number };

/** The trace, its computations costing what their messages took too. */
export function withMessages(trace: Trace, time: MessageTime): Trace {
  const { length, kinds, bytes } = trace;
  const weightAt = (at: number): number => MESSAGE_BYTES + (bytes[at] ?? 0);
  let total = 0;
  for (let at = 0; at < length; at++) if (kinds[at] === COMPLETE) total += weightAt(at);
  const perByte = 'totalNs' in time ? time.totalNs / Math.max(1, total) : time.smallNs / MESSAGE_BYTES;
  const costsNs = trace.costsNs.slice(0, length);
  for (let at = 0; at < length; at++) {
    if (kinds[at] === COMPLETE) costsNs[at] = (costsNs[at] ?? 0) + perByte * weightAt(at);
  }
  return { ...trace, costsNs };
}
