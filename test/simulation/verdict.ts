// The oracle of errors: for each that a caller gets, whether something has happened that allows it.
import { AbortError, PoolError } from '../../src/errors.ts';
import type { Course } from './faults.ts';
import { isBigintKind } from './functions.ts';
import type { Attempt, Call, Death, Facts, Flight } from './model.ts';

// Beside its time limit a call may wait this long for its thread to start and import.
const LONGEST_START_MS = 15_000;

export class Verdict {
  readonly attempts: Attempt[] = [];
  readonly deaths: Death[] = [];
  readonly #flights: ReadonlySet<Flight>;
  /** Who has paid for each death. */
  readonly #killed = new Map<number, Flight | undefined>();
  readonly #facts: Facts;

  constructor(facts: Facts, flights: ReadonlySet<Flight>) {
    this.#facts = facts;
    this.#flights = flights;
  }

  /** The caller leaves, and its flight goes on. */
  isOwn({ progressError }: Call, error: unknown): boolean {
    if (error instanceof AbortError) return true;
    if (error instanceof PoolError && ['ERR_TIMEOUT', 'ERR_DEADLINE'].includes(error.code)) return true;
    return progressError !== undefined && error === progressError;
  }

  /** What is wrong with an error of a caller that leaves. */
  judgeLeaving(call: Call, error: unknown): string | undefined {
    if (error instanceof AbortError) {
      if (call.signal?.aborted !== true) return 'nobody aborted it';
      return error.cause === call.signal.reason ? undefined : 'for another reason';
    }
    if (!(error instanceof PoolError)) return undefined;
    if (error.code === 'ERR_DEADLINE') {
      const isLate = call.at + (call.deadlineMs ?? Infinity) <= this.#facts.now + 1e-6;
      return isLate ? undefined : 'too early';
    }
    const { timeoutMs } = call;
    if (timeoutMs === undefined) return 'it has no time limit';
    const limit = this.#facts.now - timeoutMs + 1e-6;
    if (call.at > limit) return 'too early';
    const hasRun = this.attemptsOf(call).some(({ beganAt }) => beganAt <= limit);
    return hasRun || call.at + LONGEST_START_MS <= limit ? undefined : 'it did not run for so long';
  }

  /** What is wrong with an error of a flight. */
  judgeError(call: Call, error: unknown): string | undefined {
    const attempt = attemptNumber(error);
    if (attempt !== undefined) return this.#judgeThrown(call, attempt);
    if (!(error instanceof PoolError)) return `what is this: ${String(error)}`;
    const { target, flight } = call;
    const { spec } = target;
    const { now, closedAt, destroyedAt, refusedStarts, capacity } = this.#facts;
    const has = (kind: Course['kind']) => this.attemptsOf(call).some(({ course }) => course.kind === kind);
    const unless = (isRightful: boolean) => (isRightful ? undefined : 'which nothing explains');
    switch (error.code) {
      case 'ERR_POOL_CLOSED':
        return unless(flight === undefined ? call.at >= closedAt : now >= destroyedAt);
      case 'ERR_QUEUE_FULL':
        return unless(flight === undefined && this.#flights.size >= capacity);
      case 'ERR_FUNCTION_NOT_FOUND':
        return unless(spec === undefined);
      case 'ERR_OPTION':
        if (target.form === undefined) return 'and no form was asked for';
        return unless((spec !== undefined && !isBigintKind(spec)) || has('uncloneable'));
      case 'ERR_NON_ERROR_THROWN':
        return unless(has('throws') && error.cause === null);
      case 'ERR_RESULT_NOT_CLONEABLE':
        return unless(has('uncloneable'));
      case 'ERR_WORKER_START':
        if (refusedStarts.some((at) => at >= (flight?.startedAt ?? now))) return undefined;
        return this.#judgeDeath(call, error);
      case 'ERR_MODULE_LOAD':
        if (spec !== undefined && spec.load !== 'at once' && spec.load !== 'slow') return undefined;
        return this.#judgeDeath(call, error);
      case 'ERR_UNSETTLED':
        return unless(has('unsettled'));
      case 'ERR_FUNCTION_CRASHING':
        return unless(this.#isCrashing(target.name));
      case 'ERR_WORKER_EXIT':
      case 'ERR_WORKER_MEMORY':
        return this.#judgeDeath(call, error);
      default:
        return 'which is not expected here';
    }
  }

  #judgeThrown(call: Call, id: number): string | undefined {
    const attempt = this.attempts[id];
    if (attempt === undefined || !this.attemptsOf(call).includes(attempt)) return `of another: attempt ${id}`;
    const { kind } = attempt.course;
    return kind === 'throws' || kind === 'timer throws' ? undefined : `attempt ${id} does not fail so`;
  }

  // One call pays for a death: the one that was computed, or of a thread that never answered anything the first.
  #judgeDeath(call: Call, error: PoolError): string | undefined {
    const death = this.deaths[Number(error.details['death'] ?? -1)];
    if (death === undefined) return 'and no thread died so';
    const payer = this.#killed.get(death.id) ?? call.flight;
    if (payer !== call.flight) return `but another has paid for death ${death.id}`;
    this.#killed.set(death.id, call.flight);
    const { key, name } = call.target;
    if (death.key === key && death.lateBy !== undefined) return this.#judgeLateDeath(call);
    if (death.key === key || (death.loading === name && death.key === undefined)) return undefined;
    const isFirst = !death.thread.hasReplied && death.key === undefined;
    return isFirst ? undefined : `for death ${death.id}, which is of ${death.key ?? 'no call'}`;
  }

  // An innocent call is begun again, once.
  #judgeLateDeath({ target, flight }: Call): string | undefined {
    const times = this.deaths.filter(
      ({ key, at, lateBy }) =>
        lateBy !== undefined && key === target.key && at >= (flight?.startedAt ?? Infinity),
    ).length;
    return times > 1 ? undefined : 'though it is innocent and was not begun again';
  }

  // Its calls have ended five threads within ten seconds, less than thirty seconds ago; heard of some time later.
  #isCrashing(name: string): boolean {
    const { now, slackMs } = this.#facts;
    const own = this.deaths.filter(
      ({ key, loading, lateBy }) => (lateBy ?? key?.slice(0, key.indexOf('(')) ?? loading) === name,
    );
    return own.some(({ at }, index) => {
      const fifth = own[index + 4];
      return fifth !== undefined && fifth.at - at <= 10_000 + slackMs && now - fifth.at <= 30_000 + slackMs;
    });
  }

  /** A function whose every call ends its thread is not given one after the other. */
  checkCrashes(): void {
    const { graph, maxWorkers, now, slackMs, fail } = this.#facts;
    for (const { name, isPoison } of graph) {
      if (!isPoison) continue;
      const own = this.deaths.filter(
        ({ key, at }) => key?.startsWith(`${name}(`) && now - at < 9000 - slackMs,
      );
      if (own.length > 5 + maxWorkers) fail(`${name} has ended ${own.length} threads`);
    }
  }

  /** What workers have done for a call. */
  attemptsOf({ target, flight }: Call): Attempt[] {
    if (flight === undefined) return [];
    return this.attempts.filter(({ key, beganAt }) => key === target.key && beganAt >= flight.startedAt);
  }
}

function attemptNumber(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const own: unknown = Reflect.get(error, 'attempt');
  if (typeof own === 'number') return own;
  const { cause } = error;
  if (typeof cause === 'string') return Number(cause.replace('attempt ', ''));
  const below: unknown =
    typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'attempt') : undefined;
  return typeof below === 'number' ? below : undefined;
}
