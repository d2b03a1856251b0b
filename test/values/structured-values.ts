// Values of every kind that structured clone delivers, generated; and a description of each that says the same
// of two values only when no function could tell them apart. It shares nothing with the key encoder.
import fc from 'fast-check';

// Texts that look like pieces of an encoding.
const TOKENS = [
  '',
  ';',
  ':',
  '"',
  '#',
  '^0;',
  'n1;',
  's1:a',
  '1',
  '0',
  '2:',
  '[',
  '{',
  'a',
  'x',
  'ÿ',
  '€',
  '\ud800',
];
const KEYS = ['a', 'b', '0', '1', 'length', 'cause', '__proto__', 'constructor', '', '1:n1;'];
const STACKS = ['', 'Error\n    at somewhere:1:1', 'Error\n    at somewhere:1:2'];

const text = fc.array(fc.constantFrom(...TOKENS), { maxLength: 3 }).map((tokens) => tokens.join(''));

const number = fc.oneof(
  fc.integer({ min: -3, max: 12 }),
  fc.constantFrom(-0, Number.NaN, Infinity, -Infinity, 0.1, 1e21, -1e21, 5e-324, Number.MAX_VALUE),
  fc.constantFrom(2 ** 31, 2 ** 53, 2 ** 53 + 2, 2 ** 60, 2 ** 63, -(2 ** 63), 2 ** 64, 2 ** 65),
  fc.double(),
);

const bigint = fc.oneof(
  fc.bigInt({ min: -3n, max: 12n }),
  fc
    .tuple(
      fc.constantFrom(31n, 53n, 60n, 63n, 64n, 65n, 128n),
      fc.bigInt({ min: -2n, max: 2n }),
      fc.boolean(),
    )
    .map(([bits, near, negative]) => (negative ? -1n : 1n) * (2n ** bits + near)),
  fc.constantFrom(10n ** 21n, -(10n ** 21n), BigInt(Number.MAX_VALUE), 2n ** 5000n),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
);

const bytes = fc.array(fc.constantFrom(0, 1, 59, 255), { maxLength: 2 });

const VIEWS = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
];

const view = fc.tuple(fc.constantFrom(...VIEWS), bytes).map(([View, some]) => {
  const buffer = new ArrayBuffer(8 * some.length);
  new Uint8Array(buffer).set(some);
  return new View(buffer);
});

const primitive = fc.oneof(number, bigint, text, fc.constantFrom(true, false, null, undefined));

const leaf = fc.oneof(
  { arbitrary: primitive, weight: 8 },
  fc.constantFrom(0, 1, -1, 8.64e15, Number.NaN).map((time) => new Date(time)),
  fc
    .tuple(fc.constantFrom('a', '(?:)', 'a:1', ';'), fc.constantFrom('', 'g', 'gi', 'u', 'y'))
    .map(([source, flags]) => new RegExp(source, flags)),
  view,
  bytes.map((some) => new Uint8Array(some).buffer),
  bytes.map((some) => new DataView(new Uint8Array(some).buffer)),
  bytes.map((some) => Buffer.from(some)),
  fc.oneof(number, bigint, text, fc.boolean()).map((value) => Object(value) as object),
);

function withProperties(target: object, properties: readonly (readonly [string, unknown])[]): object {
  for (const [key, value] of properties) {
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  }
  return target;
}

const ERRORS = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];

const SHARERS: readonly ((value: unknown) => unknown)[] = [
  (value) => [value, value],
  (value) => ({ a: value, b: value }),
  (value) => new Map([[value, value]]),
  (value) => [[value], new Set([value])],
  (value) => [value, structuredClone(value)],
  (value) => [value, structuredClone(value), value],
  (value) => among(value, (a, b) => [a, b, a]),
  (value) => among(value, (a, b) => [a, b, b]),
  (value) => among(value, (a, b) => ({ a: [a, b], b: [b, a] })),
  (value) => among(value, (a, b) => ({ a: [a, b], b: [a, b] })),
];

function among(value: unknown, share: (a: unknown, b: unknown) => unknown): unknown {
  return share([value], new Set([value, 0]));
}

const { value } = fc.letrec<{ value: unknown }>((tie) => {
  const part = tie('value');
  const properties = fc.uniqueArray(fc.tuple(fc.constantFrom(...KEYS), part), {
    maxLength: 3,
    selector: ([key]) => key,
  });
  const list = fc.array(part, { maxLength: 3 });
  return {
    value: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      { arbitrary: leaf, weight: 6 },
      list,
      properties.map((some) => withProperties({}, some)),
      properties.map((some) => withProperties(Object.create(null) as object, some)),
      fc.array(fc.tuple(part, part), { maxLength: 3 }).map((entries) => new Map(entries)),
      list.map((items) => new Set(items)),
      // Holes, a length beyond the elements, properties beside them.
      fc
        .tuple(
          fc.integer({ min: 0, max: 3 }),
          fc.array(fc.tuple(fc.constantFrom('0', '1', '2', 'a', '01'), part)),
        )
        .map(([length, some]) => withProperties(new Array(length), some)),
      fc
        .record({
          Class: fc.constantFrom(...ERRORS),
          message: text,
          stack: fc.constantFrom(...STACKS),
          options: fc.oneof(
            fc.constant(undefined),
            part.map((cause) => ({ cause })),
          ),
        })
        .map(({ Class, message, stack, options }) => {
          const error = new Class(message, options);
          error.stack = stack;
          return error;
        }),
      fc.tuple(part, fc.constantFrom(...SHARERS)).map(([item, share]) => share(item)),
    ),
  };
});

/** One value of any kind. */
export const anyValue: fc.Arbitrary<unknown> = value;

/** The arguments of a call. */
export const anyArguments: fc.Arbitrary<unknown[]> = fc.oneof(
  { arbitrary: fc.tuple(primitive), weight: 2 },
  { arbitrary: fc.tuple(value), weight: 3 },
  fc.array(primitive, { maxLength: 3 }),
  fc.array(value, { maxLength: 3 }),
);

/** Equal for two values that no function can tell apart, and for no others. */
export function describeValue(value: unknown, typed: boolean): string {
  return JSON.stringify(described(value, typed, new Map()));
}

type Description = string | number | null | readonly Description[];

function described(value: unknown, typed: boolean, seen: Map<object, number>): Description {
  if (typeof value === 'object' && value !== null) {
    const order = seen.get(value);
    if (order !== undefined) return ['seen', order];
    seen.set(value, seen.size);
    return describedObject(value, (part) => described(part, typed, seen));
  }
  if (!typed && typeof value === 'number' && Number.isInteger(value))
    return ['integer', BigInt(value).toString()];
  if (!typed && typeof value === 'bigint') return ['integer', value.toString()];
  return [typeof value, String(value)]; // String(-0) is '0'
}

function describedObject(value: object, inside: (part: unknown) => Description): Description {
  const properties = () =>
    Object.keys(value)
      .sort()
      .map((key) => [key, inside(Reflect.get(value, key))]);
  const kind = Object.prototype.toString.call(value);
  if (value instanceof Map) return [kind, ...[...value].map(([key, item]) => [inside(key), inside(item)])];
  if (value instanceof Set) return [kind, ...[...value].map(inside)];
  if (value instanceof Date) return [kind, String(value.getTime())];
  if (value instanceof RegExp) return [kind, value.source, value.flags];
  if (value instanceof Error) {
    const cause = 'cause' in value ? [inside(value.cause)] : null;
    return [kind, value.name, value.message, value.stack ?? null, cause];
  }
  if (ArrayBuffer.isView(value)) {
    const content = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return [value.constructor.name, [...content]];
  }
  if (value instanceof ArrayBuffer) return [kind, [...new Uint8Array(value)]];
  if (Array.isArray(value)) return [kind, value.length, ...properties()];
  if (/Number|BigInt|String|Boolean/.test(kind)) return ['boxed', inside(value.valueOf())];
  return ['plain', ...properties()];
}

/** A value that is made anew each time, so that no two places share it by accident. */
export type Maker = () => unknown;

/** Every value of exactly `nodes` parts, out of two primitives, arrays with and without holes, objects, Maps and Sets. */
export function everySmallValue(nodes: number): Maker[] {
  if (nodes === 1) return [() => 1, () => 'a', () => [], () => ({}), () => new Map(), () => new Set()];
  return listsOf(nodes - 1).flatMap((parts) => containersOf(parts));
}

// Every list of values that have `nodes` parts together.
function listsOf(nodes: number): Maker[][] {
  if (nodes === 0) return [[]];
  const lists: Maker[][] = [];
  for (let first = 1; first <= nodes; first++) {
    const rests = listsOf(nodes - first);
    for (const head of everySmallValue(first)) for (const rest of rests) lists.push([head, ...rest]);
  }
  return lists;
}

function containersOf(parts: readonly Maker[]): Maker[] {
  const made = () => parts.map((make) => make());
  const containers: Maker[] = [made, () => made().concat(new Array(1))];
  if (new Set(made()).size === parts.length) containers.push(() => new Set(made()));
  if (parts.length === 1)
    containers.push(
      () => ({ a: made()[0] }),
      () => ({ b: made()[0] }),
    );
  if (parts.length === 2) {
    containers.push(() => ({ a: made()[0], b: made()[1] }));
    containers.push(() => new Map([made() as [unknown, unknown]]));
  }
  if (parts.length === 4) {
    const entries = () => [made().slice(0, 2), made().slice(2)] as [unknown, unknown][];
    if (new Map(entries()).size === 2) containers.push(() => new Map(entries()));
  }
  return containers;
}
