// Which computation waits for which, so that one that would wait for itself is refused at once.
//
// The nodes are kept in an order in which each comes before what it waits for. An edge that agrees with it cannot close a
// circle, and nearly all do: a call is younger than its caller. For another, only what stands between its ends is looked at,
// and put in order again. Source: D. Pearce and P. Kelly, "A dynamic topological sort algorithm for directed acyclic
// graphs", ACM J. Exp. Algorithmics 11 (2006).

/** A computation that waits for others, or that others wait for; `T` is what it stands for. */
export class WaitNode<T> {
  readonly subject: T;
  /** What it waits for. */
  readonly on: Set<WaitNode<T>> = new Set();
  /** What waits for it. */
  readonly by: Set<WaitNode<T>> = new Set();
  order: number;

  constructor(subject: T, order: number) {
    this.subject = subject;
    this.order = order;
  }
}

export class WaitGraph<T> {
  #last = 0;

  /** A node that comes after all others. */
  add(subject: T): WaitNode<T> {
    return new WaitNode(subject, ++this.#last);
  }

  /**
   * `waiter` waits for `awaited` from now on, unless that would close a circle.
   *
   * @returns the circle, from `waiter` to itself: nothing has changed then; undefined when there is none
   */
  connect(waiter: WaitNode<T>, awaited: WaitNode<T>): T[] | undefined {
    if (waiter === awaited) return [waiter.subject, waiter.subject];
    if (waiter.order > awaited.order) {
      const found = reach(awaited, waiter);
      if (found.path !== undefined) return [waiter, ...found.path].map(({ subject }) => subject);
      reorder(reachBack(waiter, awaited), found.nodes);
    }
    waiter.on.add(awaited);
    awaited.by.add(waiter);
    return undefined;
  }

  /** It waits for nothing any more, and nothing for it. */
  remove(node: WaitNode<T>): void {
    for (const awaited of node.on) awaited.by.delete(node);
    for (const waiter of node.by) waiter.on.delete(node);
    node.on.clear();
    node.by.clear();
  }
}

interface Reached<T> {
  readonly nodes: readonly WaitNode<T>[];
  /** From where it was begun to what was looked for, if that was reached. */
  readonly path: readonly WaitNode<T>[] | undefined;
}

/** What `from` waits for, directly and through others, as far as it comes before `goal`. */
function reach<T>(from: WaitNode<T>, goal: WaitNode<T>): Reached<T> {
  const cameFrom = new Map<WaitNode<T>, WaitNode<T> | undefined>([[from, undefined]]);
  const open = [from];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const next of node.on) {
      if (next.order > goal.order || cameFrom.has(next)) continue;
      cameFrom.set(next, node);
      if (next === goal) return { nodes: [], path: pathTo(goal, cameFrom) };
      open.push(next);
    }
  }
  return { nodes: [...cameFrom.keys()], path: undefined };
}

function pathTo<T>(
  goal: WaitNode<T>,
  cameFrom: ReadonlyMap<WaitNode<T>, WaitNode<T> | undefined>,
): WaitNode<T>[] {
  const path: WaitNode<T>[] = [];
  for (let node: WaitNode<T> | undefined = goal; node !== undefined; node = cameFrom.get(node))
    path.push(node);
  return path.reverse();
}

/** What waits for `from`, directly and through others, as far as it comes after `floor`. */
function reachBack<T>(from: WaitNode<T>, floor: WaitNode<T>): WaitNode<T>[] {
  const found = new Set([from]);
  const open = [from];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const next of node.by) {
      if (next.order < floor.order || found.has(next)) continue;
      found.add(next);
      open.push(next);
    }
  }
  return [...found];
}

// Each keeps the places that they have together: first those that wait, in their order, then what is waited for, in its.
function reorder<T>(waiters: readonly WaitNode<T>[], awaited: readonly WaitNode<T>[]): void {
  const byOrder = (one: WaitNode<T>, other: WaitNode<T>) => one.order - other.order;
  const nodes = [...waiters.toSorted(byOrder), ...awaited.toSorted(byOrder)];
  const places = nodes.map(({ order }) => order).sort((one, other) => one - other);
  for (const [i, node] of nodes.entries()) node.order = places[i] ?? node.order;
}
