// Freezing a value so that it can be shared: possible only where freezing reaches everything there is to change.

/**
 * Freezes plain objects and arrays through and through; false, with nothing promised of the value, when it holds
 * what a freeze does not protect: a Map, a Set, a Date, bytes.
 */
export function freezeDeep(root: unknown): boolean {
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null || Object.isFrozen(value)) continue;
    const prototype: unknown = Object.getPrototypeOf(value);
    if (!Array.isArray(value) && prototype !== Object.prototype) return false;
    Object.freeze(value);
    for (const part of Object.values(value)) waiting.push(part);
  }
  return true;
}
