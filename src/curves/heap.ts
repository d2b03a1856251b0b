// The largest of some numbers: a binary heap in an array, whose first is the largest. No number is smaller than those
// at twice its index plus 1 and 2; so an array in descending order is a heap.

export function pushHeap(heap: number[], value: number): void {
  let at = heap.length;
  heap.push(value);
  while (at > 0) {
    const above = (at - 1) >> 1;
    const other = heap[above] ?? 0;
    if (other >= value) break;
    heap[at] = other;
    at = above;
  }
  heap[at] = value;
}

/** Takes the largest out; undefined when there is none. */
export function popHeap(heap: number[]): number | undefined {
  const largest = heap[0];
  const value = heap.pop();
  if (value === undefined || heap.length === 0) return largest;
  let at = 0;
  for (let next = 1; next < heap.length; next = 2 * at + 1) {
    if (next + 1 < heap.length && (heap[next + 1] ?? 0) > (heap[next] ?? 0)) next++;
    const other = heap[next] ?? 0;
    if (other <= value) break;
    heap[at] = other;
    at = next;
  }
  heap[at] = value;
  return largest;
}
