// The parent's side of the fault matrix: each row in a process of its own, with a hard limit, a few at once.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Row } from './row.ts';

export const ROOT: string = fileURLToPath(new URL('../../../', import.meta.url));
export const WORKER_COUNTS: readonly number[] = [1, 2];

const LIMIT_MS = 30_000;
const AT_ONCE = 2;
const BUILT = join(ROOT, 'dist/src/index.js');

export interface Result {
  readonly id: string;
  readonly workers: number;
  /** The row's sentence; undefined when it did not hold. */
  readonly outcome: string | undefined;
  /** Why it did not hold. */
  readonly problem: string | undefined;
  readonly codes: readonly string[];
  readonly ms: number;
}

/** The built child, and the processes it is run in. */
export class Runner {
  readonly #directory: string;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** One JavaScript file of all rows: a loader of TypeScript in every child would take longer than most rows. */
  static async open(): Promise<Runner> {
    checkBuilt();
    const directory = mkdtempSync(join(tmpdir(), 'memopool-faults-'));
    await build({
      entryPoints: [join(ROOT, 'test/faults/matrix/child.ts')],
      outfile: join(directory, 'child.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      logLevel: 'warning',
    });
    return new Runner(directory);
  }

  close(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** Never rejects; waits for its turn. */
  async run(row: Row, workers: number): Promise<Result> {
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
    try {
      return await this.#run(row, workers);
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }

  async #run(row: Row, workers: number): Promise<Result> {
    const start = performance.now();
    const { limitMs = LIMIT_MS, nodeFlags = [] } = row;
    const args = [...nodeFlags, join(this.#directory, 'child.mjs'), ROOT, row.id, String(workers)];
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      // Not the test runner's own: it sets NODE_OPTIONS and more.
      env: { PATH: process.env['PATH'] ?? '', TMPDIR: tmpdir() },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    let isHung = false;
    const limit = setTimeout(() => {
      isHung = true;
      child.kill('SIGKILL');
    }, limitMs);
    const [[code, signal], report, out] = await Promise.all([ended(child), reportOf(child), outputOf(child)]);
    clearTimeout(limit);
    const said = isHung
      ? `hung: ended after ${limitMs / 1000} s`
      : `ended with ${signal ?? `exit code ${code}`}`;
    const problem = problemOf(report, isHung || code !== 0 ? said : undefined, out);
    const { outcome, codes = [] } = report ?? {};
    const result = { id: row.id, workers, codes, ms: performance.now() - start };
    return problem === undefined
      ? { ...result, outcome, problem }
      : { ...result, outcome: undefined, problem };
  }
}

interface ChildReport {
  readonly ok: boolean;
  readonly outcome?: string;
  readonly codes?: readonly string[];
  readonly error?: string;
}

function problemOf(
  report: ChildReport | undefined,
  ending: string | undefined,
  out: string,
): string | undefined {
  if (report?.ok === true && ending === undefined) return undefined;
  const reported =
    report === undefined
      ? 'nothing was reported'
      : (report.error ?? `after its outcome was "${report.outcome}"`);
  return [ending, reported, out].filter((part) => part !== undefined && part !== '').join('\n');
}

async function ended(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  const [code, signal] = await once(child, 'close');
  return [code, signal];
}

async function reportOf(child: ChildProcess): Promise<ChildReport | undefined> {
  const pipe = child.stdio[3];
  const json = pipe && 'read' in pipe ? await text(pipe) : '';
  return json === '' ? undefined : (JSON.parse(json) as ChildReport);
}

async function outputOf({ stdout, stderr }: ChildProcess): Promise<string> {
  const parts = await Promise.all([stdout, stderr].map((stream) => (stream === null ? '' : text(stream))));
  return parts.join('');
}

// The children run the built package, as its users do.
function checkBuilt(): void {
  const builtAt = statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs;
  if (builtAt === undefined) throw new Error('The fault matrix runs the built package: run `npm run build`.');
  for (const folder of ['src', 'workers']) {
    for (const name of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
      const changed = statSync(join(ROOT, folder, name));
      if (changed.isFile() && changed.mtimeMs > builtAt)
        throw new Error(`dist/ is older than ${folder}/${name}: run \`npm run build\`.`);
    }
  }
}
