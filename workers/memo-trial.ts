// The module of a trial's thread, which workers/entry.cjs imports: glue between the thread's data and src/compute/memo-trial.
import { type MessagePort, workerData } from 'node:worker_threads';
import { runTrial, type TrialSetup } from '../src/compute/memo-trial.ts';
import { createRegistry } from '../src/compute/registry.ts';

// Its own port: a user's module may post to the thread's.
const { port, modules, builtIns, plan, ...call } = workerData as TrialSetup & { readonly port: MessagePort };

const registry = createRegistry(modules, async () => (builtIns ? import('./functions/index.ts') : {}));
runTrial(registry, call, plan).then((reply) => port.postMessage(reply));
