// The result as it travels inside the page: curves of thousands of points as differences of whole numbers, which take a
// tenth of the room. Pure: the report packs, the page unpacks.
import type { Lane, SizesResult, Timeline, TuneResult, WorkersResult } from '../result.ts';

/** Places and values of a curve, each as its difference to the one before; values in units of 1e-8. */
interface PackedCurve {
  readonly at: readonly number[];
  readonly value: readonly number[];
}

type PackedSizes = Omit<SizesResult, 'curve' | 'byBytes'> & {
  readonly curve: PackedCurve;
  readonly byBytes: PackedCurve;
};

type Span = Lane['spans'][number];

/** Spans as phase and name, each by its place in a list of them, start and length. */
type PackedTimeline = Omit<Timeline, 'lanes'> & {
  readonly phases: readonly Span['phase'][];
  readonly names: readonly string[];
  readonly lanes: readonly {
    readonly worker: number;
    readonly spans: readonly (readonly [phase: number, name: number, startMs: number, endMs: number])[];
  }[];
};

type PackedWorkers = Omit<WorkersResult, 'timeline'> & { readonly timeline: PackedTimeline | null };

/** What stands in the page's JSON. */
type PageData = Omit<TuneResult, 'sizes' | 'workers'> & {
  readonly sizes: PackedSizes | null;
  readonly workers: PackedWorkers | null;
};

interface Step {
  readonly at: number;
  readonly value: number;
}

const UNITS = 1e8;
/** Digits of other numbers: more than a chart can show. */
const DIGITS = 7;

function differences(values: readonly number[]): number[] {
  return values.map((value, index) => value - (values[index - 1] ?? 0));
}

function sums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}

/** Packs a curve; `at` is whole, `value` is rounded to 1e-8. */
function packCurve(steps: readonly Step[]): PackedCurve {
  return {
    at: differences(steps.map(({ at }) => at)),
    value: differences(steps.map(({ value }) => Math.round(value * UNITS))),
  };
}

function unpackCurve({ at, value }: PackedCurve): Step[] {
  const values = sums(value);
  return sums(at).map((place, index) => ({ at: place, value: (values[index] ?? 0) / UNITS }));
}

/** Gives each value its place in the list, which grows by those not seen before. */
function listing<T>(list: T[]): (value: T) => number {
  const places = new Map<T, number>();
  return (value) => {
    const known = places.get(value);
    if (known !== undefined) return known;
    places.set(value, list.length);
    return list.push(value) - 1;
  };
}

function packTimeline(timeline: Timeline): PackedTimeline {
  const phases: Span['phase'][] = [];
  const names: string[] = [];
  const [phaseOf, nameOf] = [listing(phases), listing(names)];
  const lanes = timeline.lanes.map(({ worker, spans }) => ({
    worker,
    spans: spans.map((span) => [phaseOf(span.phase), nameOf(span.name), span.startMs, span.endMs] as const),
  }));
  return { ...timeline, phases, names, lanes };
}

function unpackTimeline({ phases, names, lanes, ...timeline }: PackedTimeline): Timeline {
  return {
    ...timeline,
    lanes: lanes.map(({ worker, spans }) => ({
      worker,
      spans: spans.map(([phase, name, startMs, endMs]) => ({
        phase: phases[phase] ?? 'compute',
        name: names[name] ?? '',
        startMs,
        endMs,
      })),
    })),
  };
}

function packSizes(sizes: SizesResult): PackedSizes {
  const curve = sizes.curve.map(({ maxsize, missRatio }) => ({ at: maxsize, value: missRatio }));
  const byBytes = sizes.byBytes.map(({ maxBytes, missRatio }) => ({ at: maxBytes, value: missRatio }));
  return { ...sizes, curve: packCurve(curve), byBytes: packCurve(byBytes) };
}

function unpackSizes(sizes: PackedSizes): SizesResult {
  const curve = unpackCurve(sizes.curve).map(({ at, value }) => ({ maxsize: at, missRatio: value }));
  const byBytes = unpackCurve(sizes.byBytes).map(({ at, value }) => ({ maxBytes: at, missRatio: value }));
  return { ...sizes, curve, byBytes };
}

/** The result as JSON for the page; numbers that are not whole in seven digits. */
export function packResult(result: TuneResult): string {
  const { sizes, workers } = result;
  const timeline = workers?.timeline ? packTimeline(workers.timeline) : null;
  const data: PageData = {
    ...result,
    sizes: sizes === null ? null : packSizes(sizes),
    workers: workers === null ? null : { ...workers, timeline },
  };
  return JSON.stringify(data, (_key, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value,
  );
}

/** What packResult was given, so far as seven digits tell. */
export function unpackResult(json: string): TuneResult {
  // from packResult, of this file
  const data = JSON.parse(json) as PageData;
  const { sizes, workers } = data;
  const timeline = workers?.timeline ? unpackTimeline(workers.timeline) : null;
  return {
    ...data,
    sizes: sizes === null ? null : unpackSizes(sizes),
    workers: workers === null ? null : { ...workers, timeline },
  };
}
