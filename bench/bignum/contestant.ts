// One way to F(n) in one form, in a process of its own: started when it is first measured, ended when it is done.
import { fileURLToPath } from 'node:url';
import { median } from '../harness/median.ts';
import { type Command, PeerProcess, type Run, type Turn } from './peer-process.ts';
import { warm } from './settings.ts';
import type { Form } from './targets.ts';

export type Maker = 'gmp' | 'v8' | 'one worker' | 'two workers';

/** What one contestant came to, besides its samples. */
export interface Outcome {
  /** Its name and version. */
  readonly name: string;
  /** The first call of the process: ours starts its threads in it. */
  readonly coldMs: number;
  /** Of a decimal, the part that makes the text of the value, where that is a part: a median. */
  readonly textMs: number | undefined;
  readonly peakMb: number | undefined;
  readonly answerHash: string;
}

export class Contestant {
  readonly maker: Maker;
  readonly form: Form;
  readonly #command: Command;
  readonly #turn: Turn;
  readonly #textMs: number[] = [];
  #process: PeerProcess | undefined;
  #name = '';
  #coldMs = Number.NaN;

  constructor(
    maker: Maker,
    form: Form,
    { command, turn }: { readonly command: Command; readonly turn: Turn },
  ) {
    this.maker = maker;
    this.form = form;
    this.#command = command;
    this.#turn = turn;
  }

  /** The milliseconds of its runs: of one cold run when first asked, then of the warm ones of a turn. */
  async measure(): Promise<readonly number[]> {
    if (this.#process === undefined) {
      this.#process = new PeerProcess(this.#command);
      this.#name = await this.#process.name();
      const [run = []] = await this.#process.turn({ runs: 1, budgetMs: 0 });
      this.#coldMs = sum(run);
      return [this.#coldMs];
    }
    const runs = warm(await this.#process.turn(this.#turn));
    for (const [, textMs] of runs) if (textMs !== undefined) this.#textMs.push(textMs);
    return runs.map(sum);
  }

  /** Its memory is read before its answer is written. Ends the process. */
  async finish(answerFile: string): Promise<Outcome> {
    if (this.#process === undefined) throw new Error('expected a contestant that was measured');
    const peakMb = this.#process.peakMb();
    const answerHash = await this.#process.answerHash(answerFile);
    await this.end();
    return {
      name: this.#name,
      coldMs: this.#coldMs,
      textMs: this.#textMs.length > 0 ? median(this.#textMs) : undefined,
      peakMb,
      answerHash,
    };
  }

  async end(): Promise<void> {
    await this.#process?.[Symbol.asyncDispose]();
  }
}

export interface Asked {
  readonly n: number;
  readonly form: Form;
  /** GMP's compiled driver. */
  readonly gmp: string | undefined;
}

/** How to start a process of this maker; undefined where it cannot or should not run. */
export function commandOf(maker: Maker, { n, form, gmp }: Asked): Command | undefined {
  if (maker === 'gmp') return gmp === undefined ? undefined : { file: gmp, args: [String(n), form] };
  if (maker === 'v8') {
    // It takes minutes there to write 209 million digits.
    if (n >= 1e9 && form === 'decimal') return undefined;
    return { file: process.execPath, args: [script('v8'), String(n), form] };
  }
  const workers = maker === 'one worker' ? '1' : '2';
  return { file: process.execPath, args: [script('memopool'), String(n), form, workers] };
}

function script(name: string): string {
  return fileURLToPath(new URL(`../peers/bignum/${name}.mjs`, import.meta.url));
}

function sum(run: Run): number {
  return run.reduce((total, part) => total + part, 0);
}
