// Ours and the peers as contestants of one shape: pools of a fixed number of threads that compute `mix`, each set up as
// its documentation shows, with everything else at its defaults.
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createPool } from 'memopool';
import { Piscina } from 'piscina';
import { FixedThreadPool } from 'poolifier';
import { Tinypool } from 'tinypool';
import workerpool from 'workerpool';
import { mix } from '../modules/work.mjs';
import { RawPort } from './raw-port.ts';

export interface MixPool {
  mix(n: number): Promise<number>;
  close(): Promise<unknown>;
}

export type OpenMixPool = (workers: number) => MixPool | Promise<MixPool>;

export const OURS = 'memopool';

/** By name; ours is the first. */
export const mixPools: Readonly<Record<string, OpenMixPool>> = {
  [OURS]: (workers) => {
    const pool = createPool<typeof import('../modules/work.mjs')>({
      workers: { min: workers, max: workers },
      functions: new URL('../modules/work.mjs', import.meta.url),
    });
    return { mix: (n) => pool.run('mix', [n]), close: () => pool.close() };
  },

  piscina: (workers) => {
    const pool = new Piscina({
      filename: workerFile('piscina.mjs'),
      minThreads: workers,
      maxThreads: workers,
    });
    return { mix: (n) => pool.run(n), close: () => pool.destroy() };
  },

  tinypool: (workers) => {
    const pool = new Tinypool({
      filename: workerFile('piscina.mjs'),
      minThreads: workers,
      maxThreads: workers,
    });
    return { mix: (n) => pool.run(n), close: () => pool.destroy() };
  },

  workerpool: (workers) => {
    const pool = workerpool.pool(workerFile('workerpool.mjs'), {
      minWorkers: workers,
      maxWorkers: workers,
      workerType: 'thread',
    });
    // Its promises are its own: thenables that Promise.all and await take as they are.
    return {
      mix: (n) => pool.exec('mix', [n]) as unknown as Promise<number>,
      close: async () => pool.terminate(),
    };
  },

  poolifier: (workers) => {
    const pool = new FixedThreadPool<number, number>(workers, workerFile('poolifier.mjs'));
    // Its destroy() does not always settle (5.3.2, on Node 24 and 26), and then nothing keeps the process alive.
    const close = () => Promise.race([pool.destroy(), sleep(2000)]);
    return { mix: (n) => pool.execute(n), close };
  },

  'MessagePort, 1 a message': (workers) => openRaw(workers, 1),
  'MessagePort, 1000 a message': (workers) => openRaw(workers, 1000),
};

/** Opens a pool and computes with it until nothing is new to it: threads, modules, compiled code. */
export async function openWarm(open: OpenMixPool, workers: number): Promise<MixPool> {
  const pool = await open(workers);
  const counts = [1, 1000, 1000, 1000, 20_000];
  for (const [round, count] of counts.entries()) {
    // Negative numbers: no call that is measured finds its answer here.
    const numbers = Array.from({ length: count }, (_, index) => -1 - index - 1000 * round);
    checkMixed(numbers, await Promise.all(numbers.map((n) => pool.mix(n))));
  }
  return pool;
}

export function checkMixed(numbers: readonly number[], answers: readonly unknown[]): void {
  for (const [index, n] of numbers.entries()) {
    if (answers[index] !== mix(n)) throw new Error(`mix(${n}): expected ${mix(n)}, got ${answers[index]}`);
  }
}

async function openRaw(workers: number, perMessage: number): Promise<MixPool> {
  const ports = Array.from({ length: workers }, () => new RawPort(perMessage));
  await Promise.all(ports.map((port) => port.open()));
  // Whole messages in turn: a call alone goes to the next thread, a thousand together to one.
  let calls = 0;
  return {
    mix: (n) => {
      const port = ports[Math.floor(calls++ / perMessage) % workers];
      if (port === undefined) throw new Error('expected at least one worker');
      return port.mix(n);
    },
    close: () => Promise.all(ports.map((port) => port.close())),
  };
}

function workerFile(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
