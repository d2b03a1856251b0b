// Which keys a cache without bounds has: those that came and were not dropped on purpose since. Clearing an owner costs
// the same however many keys it has.

export class PresentKeys {
  /** When each came last, as the number of the event. */
  readonly #cameAt = new Map<number, number>();
  readonly #clearedAt = new Map<number, number>();
  #now = 0;

  add(key: number): void {
    this.#cameAt.set(key, this.#now++);
  }

  /** @param owner the same for a key always */
  has(key: number, owner: number): boolean {
    const cameAt = this.#cameAt.get(key);
    return cameAt !== undefined && cameAt >= (this.#clearedAt.get(owner) ?? 0);
  }

  delete(key: number): void {
    this.#cameAt.delete(key);
  }

  clear(owner: number): void {
    this.#clearedAt.set(owner, this.#now);
  }
}
