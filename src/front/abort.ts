// One listener a signal, however many callers share it: ten thousand calls may be tied to one long-lived signal,
// and an AbortSignal warns of a leak from the eleventh listener on.

interface Watch {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

const watches = new WeakMap<AbortSignal, Watch>();

/** Calls back once when `signal` is aborted; each callback is one registration, to be taken back with {@link offAbort}. */
export function onAbort(signal: AbortSignal, callback: () => void): void {
  const watch = watches.get(signal) ?? watchSignal(signal);
  watch.callbacks.add(callback);
}

/** Takes a callback back; with the last one the listener goes too. */
export function offAbort(signal: AbortSignal, callback: () => void): void {
  const watch = watches.get(signal);
  if (watch === undefined) return;
  watch.callbacks.delete(callback);
  if (watch.callbacks.size > 0) return;
  watches.delete(signal);
  signal.removeEventListener('abort', watch.listener);
}

function watchSignal(signal: AbortSignal): Watch {
  const callbacks = new Set<() => void>();
  const listener = () => {
    watches.delete(signal);
    for (const callback of callbacks) callback();
  };
  const watch = { callbacks, listener };
  watches.set(signal, watch);
  signal.addEventListener('abort', listener, { once: true });
  return watch;
}
