// The entry of a pool's thread: glue between piscina's task and `evaluate`. It must not fail to load, so it
// imports nothing of the user's; that happens inside the call.
import { AsyncLocalStorage } from 'node:async_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { evaluate } from '../src/compute/evaluate.ts';
import type { Memoized } from '../src/compute/memo.ts';
import { clearMemos } from '../src/compute/memos.ts';
import { createRegistry } from '../src/compute/registry.ts';
import type { AnyFunction } from '../src/types.ts';
import { decode } from '../src/values/decode.ts';
import {
  type CallMessage,
  type ForgetMessage,
  type LateErrorMessage,
  type Reply,
  type RunningMessage,
  type ThreadMessage,
  type ThreadSetup,
  writePhase,
} from '../src/wire.ts';
import { encodeError } from '../src/wire-error.ts';

interface Running {
  readonly id: number;
  readonly name: string;
  /** Ends the call with an error that surfaced outside of it: in a timer it had set, say. */
  readonly fail: (error: unknown) => void;
}

const { modules, builtIns, control } = workerData as ThreadSetup;
const registry = createRegistry(modules, async () => (builtIns ? import('./functions/index.ts') : {}));
const origin = new AsyncLocalStorage<Running>();
let running: Running | undefined;

/** Answers one message of the dispatcher; settles with a reply whatever the user's function does. */
export default async function compute(message: ThreadMessage): Promise<unknown> {
  if (message.kind === 'call') return movable(await runCall(message));
  forget(message);
  return { ok: true };
}

function forget(message: ForgetMessage): void {
  if (message.kind === 'clear') {
    clearMemos();
    return;
  }
  const fn = registry.found(message.name) as Partial<Memoized<AnyFunction>> | undefined;
  fn?.cacheDelete?.(...decodeArguments(message.args));
}

function decodeArguments(args: readonly unknown[] | Uint8Array): readonly unknown[] {
  return args instanceof Uint8Array ? (decode(args) as unknown[]) : args;
}

async function runCall({ id, name, args, form }: CallMessage): Promise<Reply> {
  const failure = new Promise<Reply>((resolve) => {
    const fail = (error: unknown) =>
      resolve({ ok: false, error: encodeError(error), computeMs: 0, memo: undefined, spoiled: true });
    running = { id, name, fail };
  });
  const call = running as unknown as Running;
  const isFirst = registry.found(name) === undefined;
  const reply = origin.run(call, () =>
    evaluate({
      registry,
      name,
      args: decodeArguments(args),
      form,
      onPhase: (phase) => {
        writePhase(control, phase);
        if (phase === 'compute' && isFirst) tellRunning(name);
      },
    }),
  );
  try {
    return await Promise.race([reply, failure]);
  } finally {
    running = undefined;
  }
}

function tellRunning(name: string): void {
  const message: RunningMessage = { kind: 'memopool:running', name };
  parentPort?.postMessage(message);
}

// An error outside any call's promise (a timer's, a stray rejection's) belongs to the call that started it, which
// may have been answered long ago: it must neither end the thread nor fall on whatever runs now.
process.on('uncaughtException', (error) => {
  const culprit = origin.getStore();
  if (culprit !== undefined && culprit === running) {
    culprit.fail(error);
    return;
  }
  const message: LateErrorMessage = {
    kind: 'memopool:late-error',
    name: culprit?.name,
    error: encodeError(error),
  };
  parentPort?.postMessage(message);
});

const MOVED_BYTES = 64 * 1024;

// Large results change hands instead of being copied. piscina is loaded for its `move` only when one comes.
async function movable(reply: Reply): Promise<unknown> {
  if (!reply.ok || reply.result.kind !== 'bytes' || reply.result.bytes.byteLength < MOVED_BYTES) return reply;
  const { move, transferableSymbol, valueSymbol } = await import('piscina');
  return move({ [transferableSymbol]: reply.result.bytes.buffer, [valueSymbol]: reply } as never);
}
