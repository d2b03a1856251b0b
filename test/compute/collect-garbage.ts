// Whether something is collected, without a flag on the command line.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

// A WeakRef holds its target until the turn of the event loop is over, so each round begins a turn of its own.
const ROUNDS = 20;

/** Collects garbage for a few turns of the event loop, or until `done`. */
export async function collectGarbage(done: () => boolean = () => false): Promise<void> {
  for (let round = 0; round < ROUNDS && !done(); round++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
}

/** @throws Error when what `make` gives is still alive once nothing of the caller's refers to it */
export async function collected(make: () => object): Promise<void> {
  await expectCollected(new WeakRef(make()));
}

/** The same of what is made in time. */
export async function collectedAfter(make: () => Promise<object>): Promise<void> {
  await expectCollected(await make().then((made) => new WeakRef(made)));
}

async function expectCollected(reference: WeakRef<object>): Promise<void> {
  await collectGarbage(() => reference.deref() === undefined);
  if (reference.deref() !== undefined) throw new Error('it is still alive');
}
