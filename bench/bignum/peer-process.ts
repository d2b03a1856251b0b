// A process that computes the same number again and again: the parent's side of the lines that
// peers/bignum/serve.mjs describes.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/** How much is computed at a time: up to so many runs, of which none begins when the budget is spent. */
export interface Turn {
  readonly runs: number;
  readonly budgetMs: number;
}

/** The milliseconds of the parts of one run: the value, and with some peers the text apart. */
export type Run = readonly number[];

export class PeerProcess implements AsyncDisposable {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;
  readonly #command: Command;

  constructor(command: Command) {
    this.#command = command;
    this.#child = spawn(command.file, command.args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdin.on('error', () => undefined); // that it is gone, its missing reply tells
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Its name and version, once it has started; the first reply. */
  async name(): Promise<string> {
    const { ready }: { readonly ready: string } = JSON.parse(await this.#reply());
    return ready;
  }

  async turn({ runs, budgetMs }: Turn): Promise<readonly Run[]> {
    const reply: { readonly runs: readonly Run[] } = JSON.parse(await this.#ask(`turn ${runs} ${budgetMs}`));
    return reply.runs;
  }

  /**
   * The most memory it ever had, in MB; undefined where the system does not tell. Not `ru_maxrss`: Linux counts in it
   * what the parent had when it started the process.
   */
  peakMb(): number | undefined {
    try {
      const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
      const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
      return kilobytes === undefined ? undefined : (Number(kilobytes) * 1024) / 1e6;
    } catch {
      return undefined;
    }
  }

  /** SHA-256 of its last answer, which it writes into the file; the file is removed. */
  async answerHash(file: string): Promise<string> {
    await this.#ask(`answer ${file}`);
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(file)) hash.update(chunk);
    rmSync(file);
    return hash.digest('hex');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    if (this.#child.pid !== undefined) await once(this.#child, 'exit');
  }

  async #ask(line: string): Promise<string> {
    this.#child.stdin.write(`${line}\n`);
    return this.#reply();
  }

  async #reply(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error(`${this.#command.args.join(' ')}: ended without an answer`);
    return value;
  }
}
