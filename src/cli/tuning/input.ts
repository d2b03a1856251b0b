// The calls to tune for, from wherever they come.
import { resolve } from 'node:path';
import { parsePattern, showPattern } from '../../curves/patterns.ts';
import type { Trace } from '../../curves/trace.ts';
import type { WorkloadCall } from '../../tuning/options.ts';
import { UsageError } from '../failure.ts';
import type { CommandIo } from '../io.ts';
import type { Place } from '../target.ts';
import type { Source } from './flags.ts';
import type { TuneParts } from './parts.ts';
import { patternCalls } from './pattern-calls.ts';
import { readWorkload, workloadFile } from './workload.ts';

export interface Input {
  readonly source: Source['kind'];
  /** What the report calls it. */
  readonly name: string;
  readonly workload?: readonly WorkloadCall[];
  readonly trace?: Trace;
}

export interface InputOptions {
  readonly place: Place;
  readonly seed: number;
  readonly io: CommandIo;
  readonly parts: TuneParts;
}

/** @throws UsageError; Failure for a file that cannot be read */
export async function readInput(source: Source, { place, seed, io, parts }: InputOptions): Promise<Input> {
  switch (source.kind) {
    case 'workload': {
      const text =
        source.file === '-'
          ? { name: 'stdin', bytes: io.stdin }
          : { ...workloadFile(resolve(io.cwd, source.file)), name: source.file };
      return { source: 'workload', name: text.name, workload: await readWorkload(text, place.name) };
    }
    case 'trace':
      return {
        source: 'trace',
        name: source.file,
        trace: await parts.readTrace(resolve(io.cwd, source.file)),
      };
    case 'pattern': {
      const { pattern, range } = source;
      if (place.name === undefined) {
        throw new UsageError(
          '--pattern: expected one function with it, such as fibonacci or ./module.js#name; got none.',
        );
      }
      const parsed = parsePattern(pattern);
      const workload = patternCalls(place.name, parsed, { range, seed });
      const name = `${showPattern(parsed)} over ${range.low}..${range.high}`;
      return { source: 'pattern', name, workload };
    }
  }
}
