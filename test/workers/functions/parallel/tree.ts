// What divide and conquer does with a divided function, at once and in one thread.

export interface Divided<Args extends readonly unknown[], Value> {
  split(...args: Args): readonly Args[] | undefined;
  base(...args: Args): Value;
  combine(left: Value, right: Value): Value;
}

/** The value put together from parts that are divided `depth` times, where they let themselves be divided. */
export function byParts<Args extends readonly unknown[], Value>(
  divided: Divided<Args, Value>,
  args: Args,
  depth: number,
): Value {
  const parts = depth === 0 ? undefined : divided.split(...args);
  if (parts === undefined) return divided.base(...args);
  return parts.map((part) => byParts(divided, part, depth - 1)).reduce(divided.combine);
}
