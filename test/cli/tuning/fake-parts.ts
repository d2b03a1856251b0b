// Parts of `memopool tune` that measure nothing: what they find is told by the environment's TUNE_FAKE, so that a child
// process can be brought to any moment of a tuning.

import type { TuneParts } from '../../../src/cli/tuning/parts.ts';
import type { Trace } from '../../../src/curves/trace.ts';
import type { TuneResult } from '../../../src/tuning/result.ts';
import { resultWith } from '../../tuning/result.ts';

/** How the tuning goes. */
export type Course =
  /** Ends at once, complete. */
  | 'whole'
  /** Has found something, says so on stderr, and ends when it is told to. */
  | 'obedient'
  /** The same, and never ends. */
  | 'deaf'
  /** Has found nothing, and ends when it is told to. */
  | 'empty'
  /** Has found something, and fails. */
  | 'failing'
  /** Has found nothing by the end of its budget. */
  | 'late';

const NO_TRACE: Trace = {
  header: undefined,
  functions: ['f'],
  length: 0,
  timesUs: new Float64Array(),
  kinds: new Uint8Array(),
  functionOf: new Uint16Array(),
  keys: new Float64Array(),
  bytes: new Float64Array(),
  costsNs: new Float64Array(),
  left: 0,
};

export interface Spy {
  readonly parts: TuneParts;
  /** What tuning was asked for, as JSON. */
  readonly asked: unknown[];
}

export function fakeParts(course: Course, say: (line: string) => unknown): Spy {
  const asked: unknown[] = [];
  const parts: TuneParts = {
    async tune({ onProgress, signal, workload, trace, resume, ...options }, pool) {
      const calls = [...(workload ?? [])];
      const { seed = 0, name = '', source = 'workload' } = options;
      asked.push({ ...options, calls, isTrace: trace !== undefined, isResumed: resume !== undefined, pool });
      const found: TuneResult = {
        ...resultWith({ isComplete: course === 'whole', seed }),
        subject: {
          ...resultWith().subject,
          source: trace === undefined ? source : 'trace',
          name,
          given: calls.length,
        },
        ...(course === 'empty' || course === 'late' ? { workers: null, sizes: null, memos: [] } : {}),
      };
      onProgress?.({ stage: 'workers', fraction: 0.5, result: () => found });
      await say('measuring\n');
      if (course === 'whole') return found;
      if (course === 'late') {
        return {
          ...found,
          advice: { workers: null, maxsize: null, lines: [], findings: ['It took too long.'] },
        };
      }
      if (course === 'failing') throw new RangeError('seven is no answer');
      await new Promise((resolve) => {
        const alive = setInterval(() => {}, 1000);
        signal?.addEventListener('abort', () => {
          say('ending\n');
          if (course === 'deaf') return;
          clearInterval(alive);
          resolve(undefined);
        });
      });
      return found;
    },
    async readTrace() {
      return NO_TRACE;
    },
    async renderReport({ seed }) {
      return `<!doctype html><title>${seed}</title>\n`;
    },
  };
  return { parts, asked };
}
