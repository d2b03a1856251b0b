// The files of a report: the page, and beside it all of the result as JSON and every sample as CSV. The JSON is written while
// measuring too, so that whatever ends the process, there is something to go on from.
import { resolve } from 'node:path';
import { showValue } from '../../errors.ts';
import type { TuneResult } from '../../tuning/result.ts';
import { UsageError } from '../failure.ts';
import { OutputFile } from '../output-file.ts';
import { type Piece, writePieces } from '../pieces.ts';

export interface ReportPaths {
  readonly html: string;
  readonly json: string;
  readonly csv: string;
}

// A file is begun and ended within milliseconds, and being told to end is when it is wanted most.
const NEVER = new AbortController().signal;

/** @throws UsageError when `out` is not named like a page */
export function reportPaths(out: string, cwd: string): ReportPaths {
  const stem = out.replace(/\.html?$/i, '');
  if (stem === out || /(?:^|[/\\])$/.test(stem)) {
    throw new UsageError(
      `--out: expected a file name that ends with .html, got ${showValue(out)}; the JSON and the CSV file go beside it.`,
    );
  }
  const path = resolve(cwd, stem);
  return { html: resolve(cwd, out), json: `${path}.json`, csv: `${path}.csv` };
}

export class ReportFiles {
  readonly paths: ReportPaths;
  readonly #force: boolean;
  #isJsonOurs = false;
  #saving: Promise<void> | undefined;
  #saved = false;

  private constructor(paths: ReportPaths, force: boolean) {
    this.paths = paths;
    this.#force = force;
  }

  /**
   * Makes sure that all can be written before anything is measured for them.
   *
   * @param paths absolute
   * @throws Failure when one exists and `force` is false, and when one cannot be written
   */
  static async open(paths: ReportPaths, force: boolean): Promise<ReportFiles> {
    for (const path of Object.values(paths)) {
      const file = await OutputFile.open(path, { force, signal: NEVER });
      await file.close();
    }
    return new ReportFiles(paths, force);
  }

  /** Whether there is a result to go on from. */
  get isSaved(): boolean {
    return this.#saved;
  }

  /** Writes the JSON, unless that is being done already. What goes wrong will do so again when the files are written. */
  save(result: TuneResult): void {
    this.#saving ??= this.#writeJson(result)
      .catch(() => {})
      .finally(() => {
        this.#saving = undefined;
      });
  }

  /** Resolves when nothing is being written. */
  async saved(): Promise<void> {
    await this.#saving;
  }

  /**
   * Writes them all, what is dearest first.
   *
   * @param page makes the page, which is asked for last
   * @throws Failure when one cannot be written; those before it are then there
   */
  async write(result: TuneResult, page: () => Promise<string>): Promise<void> {
    await this.#saving;
    await this.#writeJson(result);
    const { csvOf } = await import('../../tuning/csv.ts');
    await this.#write(this.paths.csv, csvOf(result), this.#force);
    await this.#write(this.paths.html, [await page()], this.#force);
  }

  async #writeJson(result: TuneResult): Promise<void> {
    await this.#write(this.paths.json, [`${JSON.stringify(result)}\n`], this.#force || this.#isJsonOurs);
    this.#isJsonOurs = true;
    this.#saved = true;
  }

  async #write(path: string, pieces: Iterable<Piece>, force: boolean): Promise<void> {
    const file = await OutputFile.open(path, { force, signal: NEVER });
    try {
      await writePieces(file, pieces, { signal: NEVER, onWritten() {} });
      await file.commit();
    } finally {
      await file.close();
    }
  }
}
