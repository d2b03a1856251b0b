// One recording, from its file to its end: when it is stopped, with its pool, or with the process.
import type { Recording, RecordingSummary } from '../recording-types.ts';
import { atExit } from './at-exit.ts';
import type { EventRecorder } from './event-recorder.ts';
import type { TraceFile } from './trace-file.ts';
import type { TraceWriter } from './trace-writer.ts';

export interface RecordingParts {
  readonly recorder: EventRecorder;
  readonly output: { readonly file: TraceFile; readonly writer: TraceWriter } | undefined;
  /** Nothing is to be told to the recorder any more. */
  readonly onEnd: () => void;
}

export class PoolRecording implements Recording {
  readonly #parts: RecordingParts;
  readonly #forgetExit: () => void;
  #ended: Promise<void> | undefined;
  /** Who stopped it is told what went wrong, by the rejection. */
  #isStopped = false;

  constructor(parts: RecordingParts) {
    this.#parts = parts;
    this.#forgetExit = parts.output === undefined ? () => {} : atExit(() => parts.output?.writer.endNow());
  }

  get file(): string | undefined {
    return this.#parts.output?.file.path;
  }

  get events(): number {
    return this.#parts.recorder.events;
  }

  get left(): number {
    return this.#parts.recorder.left;
  }

  async stop(): Promise<RecordingSummary> {
    this.#isStopped = true;
    await this.#end();
    const { output } = this.#parts;
    if (output?.file.failure !== undefined) throw output.file.failure;
    const { file, events, left } = this;
    return Object.freeze({ file, events, left, bytes: output?.file.size ?? 0 });
  }

  /** Its pool is closed. What went wrong hurts nobody there, and is told as a warning. */
  async close(): Promise<void> {
    await this.#end();
    const failure = this.#parts.output?.file.failure;
    if (failure === undefined || this.#isStopped) return;
    process.emitWarning(failure.message, { type: 'MemopoolWarning', code: 'MEMOPOOL_RECORD' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #end(): Promise<void> {
    this.#ended ??= this.#endOnce();
    return this.#ended;
  }

  async #endOnce(): Promise<void> {
    const { output, onEnd } = this.#parts;
    onEnd();
    await output?.writer.end();
    this.#forgetExit();
    output?.file.close();
  }
}
