// Room in the queue: lists that wait for it have one registration between them, however many come and leave while the
// queue stays full.
import type { Dispatcher } from '../dispatch/dispatcher.ts';

/** Whether a list may make another call now. */
export type Room = Pick<Dispatcher, 'hasRoom' | 'onRoom'>;

const waiting = new WeakMap<Room, Set<() => void>>();

/** Calls back once when there is room; what waits already does not wait twice. */
export function onRoom(room: Room, callback: () => void): void {
  const callbacks = waiting.get(room) ?? register(room);
  callbacks.add(callback);
}

/** Takes a callback back. */
export function offRoom(room: Room, callback: () => void): void {
  waiting.get(room)?.delete(callback);
}

function register(room: Room): Set<() => void> {
  const callbacks = new Set<() => void>();
  waiting.set(room, callbacks);
  room.onRoom(() => {
    waiting.delete(room);
    for (const callback of callbacks) callback();
  });
  return callbacks;
}
