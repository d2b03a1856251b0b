// What a computation waits for: the calls it has made that are not answered, and how far it is by those that are.
import type { WaitNode } from './wait-graph.ts';

/** One call waits for another computation; `T` is a computation. */
export interface Link<T> {
  readonly child: T;
  /** The child's share of the work, in the unit of who waits; 0 where that is not known. */
  readonly weight: number;
}

/** How much of a computation is done, and of how much: in a unit of its own. */
export interface Work {
  readonly done: number;
  readonly total: number;
}

/** A call that ended the thread on which its caller waited. */
export interface Death {
  /** Of its function. */
  readonly line: unknown;
  readonly key: unknown;
  readonly error: unknown;
}

export class Nest<T, L extends Link<T>> {
  readonly node: WaitNode<T>;
  readonly links: Set<L> = new Set();
  /** The whole work as its function has told it; 0 where it has not. */
  total = 0;
  /** How often its computation has begun again, as its thread had ended. */
  restarts = 0;
  /** Undefined of nearly all; a thread had to end for each. */
  deaths: Death[] | undefined;
  #askedWeight = 0;
  #doneWeight = 0;

  constructor(node: WaitNode<T>) {
    this.node = node;
  }

  add(link: L): void {
    this.links.add(link);
    this.#askedWeight += weightOf(link);
  }

  /** Its computation has ended; false when nobody waited for it any more. */
  end(link: L): boolean {
    if (!this.links.delete(link)) return false;
    this.#doneWeight += weightOf(link);
    return true;
  }

  /** When the computation begins again, the call has come to this already. */
  noteDeath(death: Death): void {
    this.deaths ??= [];
    this.deaths.push(death);
  }

  /** What was answered without waiting. */
  count(weight: number): void {
    this.#askedWeight += weight || 1;
    this.#doneWeight += weight || 1;
  }

  /** @param fractionOf how much of a child is done, from 0 to 1 */
  work(fractionOf: (child: T) => number): Work | undefined {
    const total = Math.max(this.total, this.#askedWeight);
    if (total === 0) return undefined;
    let done = this.#doneWeight;
    for (const link of this.links) done += weightOf(link) * fractionOf(link.child);
    return { done: Math.min(done, total), total };
  }
}

// Where nothing is known of their shares, calls count alike.
function weightOf({ weight }: Link<unknown>): number {
  return weight || 1;
}

/** From 0 to 1. */
export function fractionOf(work: Work | undefined): number {
  return work === undefined ? 0 : work.done / work.total;
}
