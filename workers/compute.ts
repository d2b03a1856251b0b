// The entry of a pool's thread: glue between a port and the server of its messages. It must not fail to load, so it
// imports nothing of the user's; that happens inside the call.
import { MessagePort, threadId, workerData } from 'node:worker_threads';
import { systemClock } from '../src/clock.ts';
import { openHarvest } from '../src/compute/harvest.ts';
import { locate } from '../src/compute/locate.ts';
import { LoopWatch } from '../src/compute/loop-watch.ts';
import { createRegistry } from '../src/compute/registry.ts';
import { Server } from '../src/compute/serve.ts';
import { checkpoint, stopState } from '../src/compute/stop.ts';
import { Control } from '../src/control.ts';
import { setEngineHost } from '../src/kernels/transform/thread-engine.ts';
import type { ThreadMessage, ThreadSetup } from '../src/wire.ts';

const { modules, builtIns, memoBytes, typed, workers, control: memory } = workerData as ThreadSetup;

// A user's module may replace the global one later on.
const { setImmediate: afterTurn } = globalThis;

/** Serves the port from now on, as long as the thread lives. */
export default function compute(port: MessagePort): void {
  const control = new Control(memory);
  stopState().cell = control.stopCell;
  openHarvest();
  releaseOthers();
  setEngineHost({
    threadId,
    onPiece: checkpoint,
    helpers: workers - 1,
    recruit: (team, elapsedMs, invitations) =>
      port.postMessage(['recruit', team, elapsedMs, invitations], [...invitations]),
    disband: (id) => port.postMessage(['disband', id]),
    atEnd: (callback) => afterTurn(callback),
  });
  const watch = new LoopWatch(process, port);
  const loadBuiltIns = async () => (builtIns ? import('./functions/index.ts') : {});
  const server = new Server({
    registry: createRegistry(modules, loadBuiltIns, {
      watch,
      locate: (search) => locate(new URL('./locate.cjs', import.meta.url), search),
    }),
    control,
    clock: { ...systemClock, setImmediate: (callback) => afterTurn(callback) },
    memoBytes,
    typed,
    workers,
    onBroken: breakOff,
    post: (message, transfer) => port.postMessage(message, transfer),
    watch,
  });
  port.on('message', (message: ThreadMessage) => server.receive(message));
  process.on('uncaughtExceptionMonitor', () => server.noteUncaught());
  process.on('uncaughtException', (error) => server.receiveUncaught(error));
  onExit((code) => server.receiveExit(code));
}

// The thread ends with this error, whoever listens.
function breakOff(error: unknown): void {
  process.removeAllListeners('uncaughtException');
  throw error;
}

/**
 * Tells of an exit that comes about for certain. `process.exit` may yet throw, for its code or in a listener of the event
 * `exit`; the event itself comes when no promise knows any more who called. What ends the thread at last is replaced for
 * such purposes by others too, and is documented nowhere; were it gone, a death would be told of by itself alone.
 */
function onExit(tell: (code: number) => void): void {
  const reallyExit: unknown = Reflect.get(process, 'reallyExit');
  if (typeof reallyExit !== 'function') return;
  const exit = (code: number): void => {
    tell(code);
    Reflect.apply(reallyExit, process, [code]);
  };
  Reflect.set(process, 'reallyExit', exit);
}

/**
 * Leaves it to the port of the calls alone to keep the thread alive: while a call waits it is let go of, and the event
 * loop runs empty when nothing of the call's own is under way. piscina's ports are reached by no documented way; were this
 * one gone, such a call would wait until its time limit.
 */
function releaseOthers(): void {
  const activeHandles: unknown = Reflect.get(process, '_getActiveHandles');
  if (typeof activeHandles !== 'function') return;
  for (const handle of Reflect.apply(activeHandles, process, []) as unknown[]) {
    if (handle instanceof MessagePort) handle.unref();
  }
}
