// Computations that can never end, told as soon as that is certain: each awaits something that its thread alone could bring,
// of which nothing there is under way, and whatever else waits in its thread waits for such a one. As when two functions
// await each other's promises without `call`.
import type { Outcome } from './dispatch/dispatcher.ts';
import { PoolError } from './errors.ts';
import type { Flight } from './front/flight.ts';

const MOST_SHOWN = 10;

export class Stalls {
  readonly #stuck = new Set<Flight>();

  /** Nothing that a computation awaits is under way in its thread, but for what other calls there may bring. */
  add(flight: Flight): void {
    this.#stuck.add(flight);
    this.check();
  }

  /** Something has come to its thread, or it has ended. */
  delete(flight: Flight): void {
    this.#stuck.delete(flight);
  }

  /** To be asked when a computation has ended or waits from now on: others may be all that is left. */
  check(): void {
    if (this.#stuck.size === 0) return;
    for (const flight of this.#immovable()) {
      if (this.#stuck.delete(flight)) flight.stall(stalledError(flight));
    }
  }

  // One that may go on after all may be what others wait for: until there is no other such.
  #immovable(): Set<Flight> {
    const immovable = new Set(this.#stuck);
    for (let before = Number.POSITIVE_INFINITY; immovable.size < before; ) {
      before = immovable.size;
      const canMove = moverBeside(immovable);
      for (const flight of immovable) if (flight.peers.some(canMove)) immovable.delete(flight);
    }
    return immovable;
  }
}

/** Tells of a computation whether anything can come of it; of a circle nothing can. */
function moverBeside(immovable: ReadonlySet<Flight>): (flight: Flight) => boolean {
  const known = new Map<Flight, boolean>();
  return (asked) => {
    const open = [asked];
    const seen = new Set(open);
    for (let flight = open.pop(); flight !== undefined; flight = open.pop()) {
      if (immovable.has(flight) || known.get(flight) === false) continue;
      const links = flight.nest?.links;
      if (!flight.isOpen || links === undefined || links.size === 0) return true;
      for (const { child } of links) {
        if (seen.has(child)) continue;
        seen.add(child);
        open.push(child);
      }
    }
    for (const flight of seen) known.set(flight, false);
    return false;
  };
}

/** What a computation came to: one that can never end because of itself alone is told by whom that concerns, too. */
export function named(flight: Flight, outcome: Outcome): Outcome {
  if (outcome.ok || flight.nest === undefined || flight.nest.node.by.size === 0) return outcome;
  const { error } = outcome;
  if (!(error instanceof PoolError) || error.code !== 'ERR_UNSETTLED') return outcome;
  return { ...outcome, error: stalledError(flight, error) };
}

/** @param flight what can never end */
function stalledError(flight: Flight, cause?: unknown): PoolError {
  const waiters = waitersOf(flight).map((waiter) => waiter.describe());
  const chain = [...waiters, flight.describe()];
  const others = flight.peers
    .map((peer) => peer.describe())
    .filter((name) => !chain.includes(name))
    .slice(0, MOST_SHOWN);
  const beside = others.length === 0 ? '' : ` Beside it wait ${others.join(', ')}.`;
  return new PoolError(
    'ERR_STALLED',
    `Nothing progresses: ${chain.join(' waits for ')}, which waits for a promise that nothing is left to settle.${beside} Use call() for what another call computes, and settle every promise.`,
    { ...(cause === undefined ? {} : { cause }), details: { chain } },
  );
}

/** Whose calls led to it, the outermost first; of several callers one. */
function waitersOf({ nest }: Flight): Flight[] {
  const waiters: Flight[] = [];
  let [node] = nest?.node.by ?? [];
  while (node !== undefined && waiters.length < MOST_SHOWN) {
    waiters.unshift(node.subject);
    [node] = node.by;
  }
  return waiters;
}
