// Reading a trace: from a file, gzipped or not, or from what any other source gives.
import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { constants, createGunzip } from 'node:zlib';
import type { Trace } from '../curves/trace.ts';
import { PoolError, showValue } from '../errors.ts';
import { systemReason } from '../system-reason.ts';
import { TraceParser } from './trace-parser.ts';

/** Bytes or text, piece by piece, cut anywhere. */
export type TraceChunks = Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>;

/**
 * Reads a trace that `pool.record()` or `memopool record` wrote. One that ends in the middle, as after a crash, is read up to
 * its last whole line, and says so by `isCut`.
 *
 * @param source the path or `file:` URL of a file, unzipped when it ends with `.gz`; or its contents
 * @throws PoolError ERR_ARGUMENT, naming the line, for what is no trace or a damaged one
 */
export async function readTrace(source: string | URL | TraceChunks): Promise<Trace> {
  const path = source instanceof URL ? fileURLToPath(source) : source;
  const parser = new TraceParser(typeof path === 'string' ? path : 'The trace');
  if (typeof path !== 'string') return parseAll(parser, path);
  try {
    return await parseAll(parser, contentsOf(path));
  } catch (error) {
    if (error instanceof PoolError) throw error;
    throw new PoolError(
      'ERR_ARGUMENT',
      `Expected a trace that can be read, got ${path}: ${systemReason(error)}. Name a file that memopool record wrote.`,
      { cause: error, details: { path } },
    );
  }
}

async function parseAll(parser: TraceParser, chunks: TraceChunks): Promise<Trace> {
  for await (const chunk of chunks) parser.push(bytesOf(chunk));
  return parser.finish();
}

function bytesOf(chunk: unknown): Buffer {
  if (typeof chunk === 'string') return Buffer.from(chunk);
  if (chunk instanceof Uint8Array) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  throw new PoolError('ERR_ARGUMENT', `Expected a trace as bytes or text, got ${showValue(chunk)}.`);
}

// Flushed at the end instead of checked: a file may end in the middle.
export function contentsOf(path: string): AsyncIterable<Buffer> {
  const file = createReadStream(path);
  if (!path.endsWith('.gz')) return file;
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  file.on('error', (error) => gunzip.destroy(error));
  gunzip.on('close', () => file.destroy());
  return file.pipe(gunzip);
}
