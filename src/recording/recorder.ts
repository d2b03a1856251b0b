// The recordings of a pool, one at a time.
import type { Clock } from '../clock.ts';
import type { TraceHeader } from '../curves/trace.ts';
import { PoolError } from '../errors.ts';
import type { FrontCache } from '../front/cache.ts';
import type { LiveCurve, Recording, RecordOptions } from '../recording-types.ts';
import { EventRecorder } from './event-recorder.ts';
import { liveCurve } from './live-curve.ts';
import { resolveRecordOptions } from './options.ts';
import { PoolRecording } from './pool-recording.ts';
import { TraceFile } from './trace-file.ts';
import { TraceWriter } from './trace-writer.ts';

export interface RecorderOptions {
  readonly front: FrontCache;
  readonly clock: Clock;
  readonly maxsize: number | null;
  readonly maxBytes: number | null;
  readonly workers: () => number;
}

export class Recorder {
  readonly #options: RecorderOptions;
  #recording: PoolRecording | undefined;
  #events: EventRecorder | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** @throws PoolError ERR_OPTION; also while another one is on */
  start(options: RecordOptions = {}): Recording {
    const { file: path, maxFileBytes, force } = resolveRecordOptions(options);
    if (this.#events !== undefined) {
      const where = this.#recording?.file;
      throw new PoolError(
        'ERR_OPTION',
        `record: expected no other recording of this pool, got one that is on${where === undefined ? '' : ` (${where})`}. Stop it first: await recording.stop().`,
      );
    }
    const file = path === undefined ? undefined : new TraceFile(path, { force });
    const writer = file && new TraceWriter(file, { header: this.#header(), maxBytes: maxFileBytes });
    const events = new EventRecorder(this.#options.clock, writer);
    this.#events = events;
    this.#options.front.observer = events;
    this.#recording = new PoolRecording({
      recorder: events,
      output: file && writer && { file, writer },
      onEnd: () => {
        this.#events = undefined;
        this.#options.front.observer = undefined;
      },
    });
    return this.#recording;
  }

  /** While one is on. */
  get curve(): LiveCurve | undefined {
    return this.#events && liveCurve(this.#events.sampler, this.#options.maxsize);
  }

  /** The pool is closed. */
  async close(): Promise<void> {
    await this.#recording?.close();
  }

  #header(): TraceHeader {
    const { maxsize, maxBytes, workers } = this.#options;
    return { startedAt: new Date().toISOString(), maxsize, maxBytes, workers: workers() };
  }
}
