// What a simulated thread was about when it died, and whether what is told of it afterwards can be true.
import type { Attempt, Cause, Death } from './model.ts';
import type { SimThread } from './sim-thread.ts';

/** What it had begun, finished and not told, and imported. */
export function stateOf(
  thread: SimThread,
  { lateBy, cause }: Cause,
  attempts: readonly Attempt[],
): Pick<Death, 'isOrphan' | 'keys' | 'untold' | 'loading'> {
  const own = attempts.filter((attempt) => attempt.thread === thread);
  const begun = own.filter(({ hasEnded }) => !hasEnded);
  const untold = own.filter(({ flight, hasEnded }) => !hasEnded || flight?.isOver === false);
  const { loading } = thread;
  const isOfImport = cause === undefined && lateBy === undefined && loading !== undefined;
  return {
    isOrphan: cause?.flight?.isOver === true || (isOfImport && begun.length > 0),
    keys: begun.map(({ key }) => key),
    untold: untold.map(({ key }) => key),
    loading,
  };
}

/** Whether a call of a function, or its import, has ended a thread. */
export function isLateExit(deaths: readonly Death[], name: string | undefined): boolean {
  return deaths.some(
    ({ lateBy, cause, loading }) =>
      [lateBy, loading].includes(name) || cause?.key.startsWith(`${name}(`) === true,
  );
}

/** Whether an error is of a timer that a call of a function left behind. */
export function isLateError(attempts: readonly Attempt[], name: string | undefined, error: unknown): boolean {
  const id: unknown = error instanceof Error ? Reflect.get(error, 'attempt') : undefined;
  const attempt = attempts[Number(id)];
  const kind = attempt?.course.kind;
  const isOfTimer = kind === 'leaves' || kind === 'timer throws';
  return isOfTimer && attempt?.key.startsWith(`${name}(`) === true;
}
