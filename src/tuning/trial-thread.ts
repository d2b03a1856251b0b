// The thread of one trial: started for it, and ended when it has told what it found, or may not go on.
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { TrialReply, TrialSetup } from '../compute/memo-trial.ts';
import { findEntry } from '../dispatch/entry.ts';
import { startWithStack } from '../dispatch/thread-starter.ts';

export interface TrialLimits {
  /** Milliseconds it may take. */
  readonly limitMs: number;
  /** The stack that is asked for. */
  readonly stackSizeMb: number;
  /** The heap limit of the thread. */
  readonly memoryMb: number;
  readonly signal: AbortSignal | undefined;
}

// A larger young generation keeps garbage collection from scanning a deep stack at every turn, as in a pool's threads.
const YOUNG_GENERATION_MB = 64;

/** What the trial found; never rejects, whatever the call does to its thread. */
export async function runTrialThread(setup: TrialSetup, limits: TrialLimits): Promise<TrialReply> {
  const { limitMs, signal } = limits;
  if (signal?.aborted === true) return failed('the tuning was interrupted');
  if (limitMs <= 0) return failed('there was no time left');
  const { port1: port, port2 } = new MessageChannel();
  let worker: Worker;
  try {
    worker = startThread({ ...setup, port: port2 }, limits);
  } catch (error) {
    port.close();
    return failed(`its thread could not start: ${error instanceof Error ? error.message : String(error)}`);
  }
  let timer: NodeJS.Timeout | undefined;
  let interrupt = (): void => {};
  const reply = await new Promise<TrialReply>((resolve) => {
    timer = setTimeout(() => resolve(failed('it took longer than there was time')), limitMs);
    interrupt = () => resolve(failed('the tuning was interrupted'));
    signal?.addEventListener('abort', interrupt);
    port.once('message', resolve);
    worker.once('error', (error) => resolve(posted() ?? failed(deathOf(error))));
    worker.once('exit', (code) => resolve(posted() ?? failed(exitOf(code))));
    function posted(): TrialReply | undefined {
      return receiveMessageOnPort(port)?.message as TrialReply | undefined;
    }
  });
  clearTimeout(timer);
  signal?.removeEventListener('abort', interrupt);
  port.close();
  await worker.terminate();
  return reply;
}

/** @throws PoolError ERR_WORKER_START; a DataCloneError of the arguments is its cause */
function startThread(setup: TrialSetup & { readonly port: MessagePort }, limits: TrialLimits): Worker {
  const { file, compute, needsTsx } = findEntry('memo-trial');
  const { started } = startWithStack(limits.stackSizeMb, (stackSizeMb) => {
    return new Worker(file, {
      workerData: { ...setup, compute: compute.href, needsTsx },
      transferList: [setup.port],
      resourceLimits: {
        stackSizeMb,
        maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
        maxOldGenerationSizeMb: limits.memoryMb,
      },
      // What the function prints, it prints in the run that is measured too.
      stdout: true,
      stderr: true,
    });
  });
  started.stdout.resume();
  started.stderr.resume();
  return started;
}

function failed(reason: string): TrialReply {
  return { kind: 'failed', reason };
}

function deathOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return 'its results take more memory than a trial may';
  return `its thread died of ${String(error)}`;
}

function exitOf(code: number): string {
  return code === 0
    ? 'it ended its thread, or gave a promise that never settles'
    : `it ended its thread with the code ${code}`;
}
