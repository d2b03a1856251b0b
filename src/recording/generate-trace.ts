// The trace of a generated workload: what a pool with the default maxsize would have recorded of it.
import { type Pattern, ranksOf } from '../curves/patterns.ts';
import type { RecordingSummary } from '../recording-types.ts';
import { KeyHash } from './hash-key.ts';
import { TraceFile } from './trace-file.ts';
import { TraceWriter } from './trace-writer.ts';

export interface GenerateOptions {
  readonly pattern: Pattern;
  /** Gives the same trace again. */
  readonly seed: number;
  readonly file: string;
  readonly maxFileBytes: number;
  readonly force: boolean;
  readonly signal: AbortSignal;
}

// The default of createPool; what a small number weighs as key and value beside its bookkeeping; and a call that is worth a pool.
const MAXSIZE = 1024;
const ENTRY_BYTES = 200;
const COST_NS = 1_000_000;
const CALL_US = 100;
/** Events between two looks at whether the file keeps up. */
const BATCH = 10_000;

/** @throws PoolError ERR_OPTION when the file cannot be created or written; the signal's reason */
export async function generateTrace(options: GenerateOptions): Promise<RecordingSummary> {
  const { file: path, maxFileBytes, force } = options;
  const file = new TraceFile(path, { force });
  const writer = new TraceWriter(file, { header: undefined, maxBytes: maxFileBytes });
  try {
    await writeReferences(writer, options);
    await writer.end();
  } finally {
    file.close();
  }
  if (file.failure !== undefined) throw file.failure;
  return { file: path, events: writer.events, left: writer.left, bytes: file.size };
}

async function writeReferences(
  writer: TraceWriter,
  { pattern, seed, signal }: GenerateOptions,
): Promise<void> {
  const hash = new KeyHash(Int32Array.of(seed | 0, Math.floor(seed / 2 ** 32) | 0));
  const entries = new Set<number>(); // the least recent first
  const event = { timeUs: 0, name: pattern.name, bytes: ENTRY_BYTES, costNs: COST_NS };
  let references = 0;
  for (const rank of ranksOf(pattern, seed)) {
    const key = hash.hash(0, rank);
    event.timeUs = references++ * CALL_US;
    const isHit = entries.delete(key);
    entries.add(key);
    writer.write({ ...event, kind: isHit ? 'hit' : 'complete', key });
    if (entries.size > MAXSIZE) {
      const [oldest = 0] = entries;
      entries.delete(oldest);
      writer.write({ ...event, kind: 'evict', key: oldest });
    }
    if (writer.isFull) break;
    if (references % BATCH !== 0) continue;
    await writer.written();
    signal.throwIfAborted();
  }
  writer.leaveOut(pattern.length - references);
}
