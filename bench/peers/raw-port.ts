// The least that any pool can cost: promises over MessagePorts, so many calls a message, with nothing else that a pool
// does: no errors, no cancelling, no death of a thread.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

type Settle = (value: number) => void;

export class RawPort {
  readonly #worker: Worker;
  readonly #perMessage: number;
  /** In the order of the calls, which is that of the answers. */
  #waiting: Settle[] = [];
  #answered = 0;
  #batch: number[] = [];

  constructor(perMessage: number) {
    this.#perMessage = perMessage;
    this.#worker = new Worker(new URL('./raw.mjs', import.meta.url));
    this.#worker.on('message', (answer: number | readonly number[]) => this.#receive(answer));
  }

  async open(): Promise<void> {
    await once(this.#worker, 'online');
  }

  mix(n: number): Promise<number> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#perMessage === 1) this.#worker.postMessage(n);
      else this.#add(n);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #add(n: number): void {
    // What does not fill a message goes when the turn's calls have been made.
    if (this.#batch.length === 0) queueMicrotask(() => this.#flush());
    this.#batch.push(n);
    if (this.#batch.length === this.#perMessage) this.#flush();
  }

  #flush(): void {
    if (this.#batch.length === 0) return;
    this.#worker.postMessage(this.#batch);
    this.#batch = [];
  }

  #receive(answer: number | readonly number[]): void {
    for (const value of typeof answer === 'number' ? [answer] : answer) {
      this.#waiting[this.#answered++]?.(value);
    }
    if (this.#answered < this.#waiting.length) return;
    this.#waiting = [];
    this.#answered = 0;
  }
}
