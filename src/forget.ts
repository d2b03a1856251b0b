// Forgetting: what was begun before may answer its callers, and is kept nowhere; in the front cache, in the flights, and in the
// workers' memos.
import { clearChannel, tell } from './diagnostics.ts';
import type { Dispatcher } from './dispatch/dispatcher.ts';
import type { FrontCache } from './front/cache.ts';
import type { Ledger } from './front/ledger.ts';
import type { Line } from './front/line.ts';
import { type MemoKey, memoKey } from './values/key.ts';
import { snapshot } from './values/snapshot.ts';

/** Where a pool's results are kept. */
export interface Memory {
  readonly front: FrontCache;
  readonly ledger: Ledger;
  readonly dispatcher: Dispatcher;
  readonly typed: boolean;
}

/** Forgets the results of a function, or of all; resolves when the workers have done so, too. */
export async function forgetAll({ front, ledger, dispatcher }: Memory, name?: string): Promise<void> {
  const only = name === undefined ? undefined : ledger.peek(name);
  const records = name === undefined ? [...ledger.records()] : only === undefined ? [] : [only];
  for (const line of records.flatMap((record) => record.lines())) {
    for (const key of [...line.flights.keys()]) fence(line, key);
    front.clear(line);
  }
  if (name === undefined) ledger.reset();
  else only?.counters.reset();
  tell(clearChannel, () => ({ name }));
  await dispatcher.forget(['clear']);
}

/** Forgets the result of a call, in every form; resolves with whether the front cache had it. */
export async function forgetCall(
  { front, ledger, dispatcher, typed }: Memory,
  name: string,
  args: readonly unknown[],
): Promise<boolean> {
  const call = snapshot(args);
  const key = memoKey(call.args, typed);
  let found = false;
  for (const line of ledger.peek(name)?.lines() ?? []) {
    fence(line, key);
    found = front.delete(line, key) || found;
  }
  await dispatcher.forget(['delete', name, call.bytes ?? call.args]);
  return found;
}

// What was started before may answer its callers; it is not kept, and later calls do not join it.
function fence(line: Line, key: MemoKey): void {
  const flight = line.flights.get(key);
  if (flight === undefined) return;
  flight.kept = false;
  line.flights.delete(key);
}
