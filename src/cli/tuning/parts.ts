// What `memopool tune` is made of, each part loaded when it is needed: here the command is wired to the rest of the library,
// and tests give it parts of their own.
import type { Trace } from '../../curves/trace.ts';
import type { PoolOptions } from '../../options.ts';
import type { TuneOptions } from '../../tuning/options.ts';
import type { TuneResult } from '../../tuning/result.ts';

export interface TuneParts {
  tune(options: TuneOptions, pool: PoolOptions): Promise<TuneResult>;
  /** @param path absolute */
  readTrace(path: string): Promise<Trace>;
  /** The page: one file of HTML that needs no other. */
  renderReport(result: TuneResult): Promise<string>;
}

export const PARTS: TuneParts = {
  async tune(options, given) {
    const { createPool } = await import('../../create-pool.ts');
    const pool = createPool(given);
    try {
      return await pool.tune(options);
    } finally {
      await pool.close();
    }
  },
  async readTrace(path) {
    const { readTrace } = await import('../../recording/read-trace.ts');
    return await readTrace(path);
  },
  async renderReport(result) {
    const { renderReport } = await import('../../tuning/report.ts');
    return await renderReport(result);
  },
};
