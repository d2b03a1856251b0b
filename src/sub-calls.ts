// The calls that computations make: through the front cache and its flights, as everybody's.
//
//   ask -> front cache -> flight (unless that would wait for the asker) -> dispatcher -> answer -> the asker's worker
import type { Answer } from './answer.ts';
import { checkCall } from './check-call.ts';
import { hitChannel, joinChannel, missChannel } from './diagnostics.ts';
import type { Asked, AskOutcome, Dispatcher } from './dispatch/dispatcher.ts';
import { PoolError } from './errors.ts';
import type { FrontCache } from './front/cache.ts';
import type { Flight, NestedLink } from './front/flight.ts';
import type { Ledger } from './front/ledger.ts';
import type { Line } from './front/line.ts';
import { Miss, type MissHost } from './miss.ts';
import { Nest } from './nesting/nest.ts';
import { WaitGraph } from './nesting/wait-graph.ts';
import { checkSize, tooLargeError } from './run-options.ts';
import { type MemoKey, memoKey } from './values/key.ts';

export interface SubCallsOptions {
  readonly front: FrontCache;
  readonly ledger: Ledger;
  readonly dispatcher: Dispatcher;
  readonly missHost: MissHost;
  readonly typed: boolean;
  readonly maxArgumentBytes: number | null;
}

type Reply = (outcome: AskOutcome) => void;

/** A call that a computation has made. */
interface Made {
  readonly line: Line;
  readonly key: MemoKey;
  readonly weight: number;
  readonly reply: Reply;
}

const DEATHS: ReadonlySet<unknown> = new Set(['ERR_WORKER_ERROR', 'ERR_WORKER_EXIT', 'ERR_WORKER_MEMORY']);

// Of a circle no more is shown.
const MOST_SHOWN = 10;
const MOST_LISTED = 1000;

export class SubCalls {
  readonly #options: SubCallsOptions;
  readonly #graph = new WaitGraph<Flight>();
  /** Computations that have ended, whose own calls are to be let go of. */
  readonly #over: Flight[] = [];
  #isReleasing = false;

  constructor(options: SubCallsOptions) {
    this.#options = options;
  }

  /** The computation `parent` makes a call; `reply` is told what it came to, unless `parent` ends before. */
  ask(parent: Flight, asked: Asked, reply: Reply): void {
    try {
      this.#ask(parent, asked, reply);
    } catch (error) {
      reply({ ok: false, error });
    }
  }

  #ask(parent: Flight, asked: Asked, reply: Reply): void {
    const { front, ledger, typed, maxArgumentBytes } = this.#options;
    const { name, args, weight } = asked;
    this.#check(asked, maxArgumentBytes);
    const { plain: line } = ledger.of(name);
    const { counters } = line;
    const key = args instanceof Uint8Array ? asked.key : memoKey(args, typed);
    const nest = this.#nestOf(parent);
    nest.total = Math.max(nest.total, asked.total);

    const answer = front.get(line, key);
    if (answer !== undefined) {
      counters.hits++;
      counters.savedMs += answer.computeMs;
      nest.count(weight);
      if (hitChannel.hasSubscribers) hitChannel.publish({ name });
      reply(outcomeOf(answer));
      return;
    }
    const death = nest.deaths?.find((one) => one.line === line && one.key === key);
    if (death !== undefined) {
      counters.joins++;
      front.observer?.onJoin(line, key);
      nest.count(weight);
      if (joinChannel.hasSubscribers) joinChannel.publish({ name });
      reply({ ok: false, error: death.error });
      return;
    }
    const underWay = line.flights.get(key);
    if (underWay !== undefined) {
      const circle = this.#graph.connect(nest.node, this.#nestOf(underWay).node);
      if (circle !== undefined) throw cycleError(circle);
      counters.joins++;
      front.observer?.onJoin(line, key);
      this.#link(parent, underWay, { line, key, weight, reply });
      if (joinChannel.hasSubscribers) joinChannel.publish({ name });
      return;
    }
    const position = { line, key, form: undefined, origin: undefined, isNested: true, parts: asked.parts };
    const miss = new Miss(position, args, this.#options.missHost);
    counters.misses++;
    this.#graph.connect(nest.node, this.#nestOf(miss.flight).node);
    this.#link(parent, miss.flight, { line, key, weight, reply });
    try {
      miss.submitTo(this.#options.dispatcher);
      if (missChannel.hasSubscribers) missChannel.publish({ name });
    } catch (error) {
      miss.land();
      counters.misses--; // refused: no call was made
      miss.flight.fail(error);
    }
  }

  #check({ name, args }: Asked, maxArgumentBytes: number | null): void {
    if (!(args instanceof Uint8Array)) {
      checkCall(name, args);
      checkSize(name, args, maxArgumentBytes);
    } else if (maxArgumentBytes !== null && args.byteLength > maxArgumentBytes) {
      throw tooLargeError(name, maxArgumentBytes);
    }
  }

  #link(parent: Flight, child: Flight, { line, key, weight, reply }: Made): void {
    const nest = this.#nestOf(parent);
    const { restarts } = nest;
    const beginsAgain = () => nest.restarts !== restarts || parent.phase === 'queue';
    const link: NestedLink = {
      child,
      weight,
      take: (answer: Answer) => {
        if (nest.end(link)) reply(outcomeOf(answer));
      },
      fail: (error: unknown) => {
        if (!nest.end(link)) return;
        if (isDeath(error) && beginsAgain()) nest.noteDeath({ line, key, error });
        reply({ ok: false, error });
      },
    };
    nest.add(link);
    child.joinFrom(link);
  }

  /** A computation has ended, or is wanted by nobody: what it waited for, others may want. */
  release(flight: Flight): void {
    if (flight.nest === undefined) return;
    this.#over.push(flight);
    if (this.#isReleasing) return; // of a chain of any length, one after the other
    this.#isReleasing = true;
    for (let over = this.#over.pop(); over !== undefined; over = this.#over.pop()) this.#release(over);
    this.#isReleasing = false;
  }

  #release({ nest }: Flight): void {
    if (nest === undefined) return;
    this.#graph.remove(nest.node);
    for (const link of [...nest.links]) {
      nest.links.delete(link);
      link.child.leaveFrom(link);
    }
  }

  #nestOf(flight: Flight): Nest<Flight, NestedLink> {
    flight.nest ??= new Nest(this.#graph.add(flight));
    return flight.nest;
  }
}

// Of a thread. Who waited on it as well has begun again by now, or is in the queue: it will make the same call, which is not
// to be computed again.
function isDeath(error: unknown): boolean {
  return error instanceof PoolError && DEATHS.has(error.code);
}

function outcomeOf(answer: Answer): AskOutcome {
  try {
    return { ok: true, result: answer.wire };
  } catch (error) {
    return { ok: false, error };
  }
}

function cycleError(circle: readonly Flight[]): PoolError {
  const [first] = circle;
  const chain = circle.slice(0, MOST_LISTED).map((flight) => flight.describe());
  const left = circle.length - MOST_SHOWN;
  const shown =
    left <= 1 ? chain : [...chain.slice(0, MOST_SHOWN - 1), `(${left} more)`, circle.at(-1)?.describe()];
  return new PoolError(
    'ERR_CYCLE',
    `${first?.describe()} would wait for its own result: ${shown.join(' -> ')}. Call with arguments that become smaller.`,
    { details: { chain } },
  );
}
