// Makes the calls of a function through the pool. What they come to is checked and not used: so a function's value stays
// that of plain recursion, whatever its parts do.
import { call } from '../../src/compute/call.ts';
import { MOST_N } from './functions.ts';
import type { Attempt } from './model.ts';
import type { Edge, NestSpec } from './nests.ts';
import { argumentsOf } from './targets.ts';

/** What the functions need of their world. */
export interface NestHost {
  /** The name of a function. */
  nameOf(index: number): string;
  /** Whether one more call may be made: without a front cache their number doubles with each level. */
  mayAsk(index: number): boolean;
  /** Nobody is to fail any more. */
  isCalm(): boolean;
  /** What a call of a call came to. */
  check(part: { readonly index: number; readonly n: number }, value: unknown): void;
  say(line: string): void;
}

/** Makes the calls of an attempt and awaits them as its function does. */
export async function makeCalls(host: NestHost, attempt: Attempt, spec: NestSpec, n: number): Promise<void> {
  const own = async ({ index, less, shape }: Edge): Promise<void> => {
    if (!host.mayAsk(index)) return;
    attempt.hasAsked = true;
    attempt.thread.hasAsked = true;
    const part = { index, n: partOf(n, { less }) };
    host.say(`attempt ${attempt.id} calls ${host.nameOf(index)}(${part.n})`);
    host.check(part, await call(host.nameOf(index), ...argumentsOf(part.n, shape)));
  };
  const { shared } = attempt.thread;
  const one = async (edge: Edge): Promise<void> => {
    if (n === 0 && edge.less > 0) return; // the end of the recursion
    const key = `${edge.index} ${partOf(n, edge)} ${edge.shape}`;
    const begun = shared.get(key);
    if (!spec.shares) return own(edge);
    if (begun !== undefined) {
      attempt.hasAwaited = true;
      host.say(`attempt ${attempt.id} awaits a call of another: ${key}`);
      return begun.catch(() => own(edge)); // it may have been cancelled
    }
    const promise = own(edge).finally(() => shared.delete(key));
    shared.set(key, promise);
    return promise;
  };
  try {
    await follow(spec, one);
  } catch (error) {
    host.say(`attempt ${attempt.id} has an error of a call: ${String(error)}`);
    if (!spec.tolerates && !host.isCalm()) throw error;
  }
}

const partOf = (n: number, { less }: Pick<Edge, 'less'>): number => Math.min(MOST_N, Math.max(0, n - less));

async function follow({ style, edges }: NestSpec, one: (edge: Edge) => Promise<void>): Promise<void> {
  switch (style) {
    case 'all':
      await Promise.all(edges.map(one));
      return;
    case 'settled':
      await Promise.allSettled(edges.map(one));
      return;
    case 'chain':
      for (const edge of edges) await one(edge);
      return;
    case 'twice':
      await Promise.all([...edges, ...edges].map(one));
      return;
    case 'first':
      await Promise.race(edges.map(one));
      return;
    case 'unawaited':
      for (const edge of edges) one(edge).catch(() => {});
  }
}
