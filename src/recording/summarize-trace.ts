// What the last line of a trace says, without keeping the others.
import { statSync } from 'node:fs';
import { contentsOf } from './read-trace.ts';

export interface TraceSummary {
  readonly bytes: number;
  /** Undefined for a file that ends in the middle. */
  readonly end: { readonly events: number; readonly left: number } | undefined;
}

// More than the last line can have.
const TAIL_BYTES = 100;

export async function summarizeTrace(path: string): Promise<TraceSummary> {
  let tail: Buffer = Buffer.alloc(0);
  for await (const chunk of contentsOf(path)) {
    tail = Buffer.from(Buffer.concat([tail, chunk.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES));
  }
  const [, events, left] = /\nend \{"events":(\d+),"left":(\d+)\}\n$/.exec(tail.toString('latin1')) ?? [];
  const end = events === undefined ? undefined : { events: Number(events), left: Number(left) };
  return { bytes: statSync(path).size, end };
}
