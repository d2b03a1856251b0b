// What is written is read again: the writer and the reader of traces, and what the reader refuses.
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TRACE_KINDS, type Trace, type TraceHeader } from '../../src/curves/trace.ts';
import { readTrace } from '../../src/recording/read-trace.ts';
import { isWeighed, type TraceEvent } from '../../src/recording/trace-event.ts';
import { TraceFile } from '../../src/recording/trace-file.ts';
import { TraceWriter } from '../../src/recording/trace-writer.ts';
import { temporaryDirectory } from '../cli/command.ts';
import { rejection } from '../fixtures/pools.ts';

const header: TraceHeader = {
  startedAt: '2026-01-02T03:04:05.678Z',
  maxsize: 1024,
  maxBytes: null,
  workers: 2,
};

const LINE = `memopool-trace 1 ${JSON.stringify(header)}\n`;

interface Written {
  readonly path: string;
  readonly events: number;
  readonly left: number;
}

async function writeTrace(
  events: readonly TraceEvent[],
  { name = 'trace.txt', maxBytes = 2 ** 26 }: { name?: string; maxBytes?: number } = {},
): Promise<Written> {
  const path = join(temporaryDirectory(), name);
  const file = new TraceFile(path, { force: false });
  const writer = new TraceWriter(file, { header, maxBytes });
  for (const event of events) writer.write(event);
  await writer.end();
  file.close();
  expect(file.failure).toBeUndefined();
  return { path, events: writer.events, left: writer.left };
}

function eventsOf(trace: Trace): TraceEvent[] {
  return Array.from({ length: trace.length }, (_, row) => ({
    timeUs: trace.timesUs[row] ?? -1,
    kind: TRACE_KINDS[trace.kinds[row] ?? -1] ?? 'hit',
    name: trace.functions[trace.functionOf[row] ?? -1] ?? '',
    key: trace.keys[row] ?? -1,
    bytes: trace.bytes[row] ?? -1,
    costNs: trace.costsNs[row] ?? -1,
  }));
}

/** As a reader can know it: what a kind does not tell is 0. */
function told(event: TraceEvent): TraceEvent {
  const weight = isWeighed(event.kind) ? {} : { bytes: 0, costNs: 0 };
  return { ...event, ...weight, ...(event.kind === 'clear' ? { key: 0 } : {}) };
}

const whole = fc.oneof(
  fc.nat({ max: 1000 }),
  fc.constantFrom(0, 9, 10, 999_999_999, 1e9, 1e9 + 1, 2 ** 31, 2 ** 32, 10 ** 15, Number.MAX_SAFE_INTEGER),
  fc.maxSafeNat(),
);

const anyEvent = fc.record({
  timeUs: fc.oneof(fc.nat({ max: 100 }), fc.nat()),
  kind: fc.constantFrom(...TRACE_KINDS),
  name: fc.oneof(fc.constantFrom('fibonacci', 'f', 'g'), fc.string({ unit: 'binary', maxLength: 20 })),
  key: fc
    .oneof(fc.constantFrom(1, 31, 32, 2 ** 32, 2 ** 35, Number.MAX_SAFE_INTEGER), fc.maxSafeNat())
    .map((key) => key || 1),
  bytes: whole,
  costNs: whole,
});

// Times of events only grow.
const anyEvents = fc.array(anyEvent, { maxLength: 60 }).map((events) => {
  let timeUs = 0;
  return events.map((event) => {
    timeUs += event.timeUs;
    return { ...event, timeUs };
  });
});

describe('a trace', () => {
  test.each(['trace.txt', 'trace.gz'])('is read as it was written: %s', async (name) => {
    await fc.assert(
      fc.asyncProperty(anyEvents, async (events) => {
        const { path } = await writeTrace(events, { name });
        const trace = await readTrace(path);
        expect(trace).toMatchObject({ header, left: 0, length: events.length });
        expect(trace.isCut).toBeUndefined();
        expect(eventsOf(trace)).toEqual(events.map(told));
      }),
      { numRuns: 60 },
    );
  });

  test('is lines that a person can read', async () => {
    const base = { timeUs: 0, name: 'fib', key: 1, bytes: 0, costNs: 0 };
    const { path } = await writeTrace([
      { ...base, kind: 'complete', timeUs: 1500, key: 33, bytes: 208, costNs: 1_250_000 },
      { ...base, kind: 'hit', timeUs: 1507, key: 33 },
      { ...base, kind: 'join', timeUs: 1507, name: 'lucas "x"', key: Number.MAX_SAFE_INTEGER },
      { ...base, kind: 'clear', timeUs: 2000 },
    ]);
    expect(readFileSync(path, 'utf8')).toBe(
      `${LINE}=0 "fib"\n1500c0 00000000011 208 1250000\n7h0 00000000011\n=1 "lucas \\"x\\""\n` +
        '0j1 7vvvvvvvvvv\n493x0\nend {"events":4,"left":0}\n',
    );
  });

  test('of many pieces is whole, gzipped or not, and read in chunks cut anywhere', async () => {
    const events = Array.from({ length: 60_000 }, (_, n) => ({
      timeUs: n * 3,
      kind: TRACE_KINDS[n % 7] ?? 'hit',
      name: `f${n % 300}`,
      key: 1 + n * 1_000_003,
      bytes: n,
      costNs: n * 77,
    }));
    const plain = await writeTrace(events);
    const zipped = await writeTrace(events, { name: 'trace.gz' });
    const text = readFileSync(plain.path);
    expect(text.length).toBeGreaterThan(4 * 256 * 1024);
    expect(gunzipSync(readFileSync(zipped.path)).equals(text)).toBe(true);
    expect(statSync(zipped.path).size).toBeLessThan(text.length / 2);
    const trace = await readTrace(pathToFileURL(zipped.path));
    expect(eventsOf(trace)).toEqual(events.map(told));
    function* chunks(): Generator<Uint8Array> {
      for (let at = 0; at < text.length; at += 4999) yield text.subarray(at, at + 4999);
    }
    expect((await readTrace(chunks())).keys).toEqual(trace.keys);
  });

  test('ends before its bound with what it left out, and is no byte larger', async () => {
    const event = { timeUs: 0, kind: 'hit', name: 'f', key: 5, bytes: 0, costNs: 0 } as const;
    const events = Array.from({ length: 1000 }, () => event);
    const { path, left } = await writeTrace(events, { maxBytes: 4096 });
    const trace = await readTrace(path);
    expect(left).toBeGreaterThan(500);
    expect(trace).toMatchObject({ left, length: 1000 - left });
    expect(statSync(path).size).toBeLessThanOrEqual(4096);
    expect(statSync(path).size).toBeGreaterThan(3900);
  });

  test('leaves out what comes faster than it can be written, and counts it', async () => {
    const path = join(temporaryDirectory(), 'trace.txt');
    const file = new TraceFile(path, { force: false });
    const writer = new TraceWriter(file, { header, maxBytes: 2 ** 30 });
    const event: TraceEvent = { timeUs: 1e15, kind: 'share', name: 'f', key: 1, bytes: 1e15, costNs: 1e15 };
    // In one turn of the event loop, in which nothing can be written.
    for (let n = 0; n < 200_000; n++) writer.write(event);
    expect(writer.left).toBeGreaterThan(0);
    await writer.end();
    file.close();
    const trace = await readTrace(path);
    expect(trace.length + trace.left).toBe(200_000);
    expect(trace).toMatchObject({ length: writer.events, left: writer.left });
    expect(statSync(path).size).toBeLessThan(9 * 2 ** 20);
  });

  test('of ten thousand functions leaves out those of one more', async () => {
    const events = Array.from({ length: 10_010 }, (_, n) => ({
      timeUs: n,
      kind: 'hit' as const,
      name: `f${n}${'x'.repeat(n === 7 ? 5000 : 0)}`,
      key: 1,
      bytes: 0,
      costNs: 0,
    }));
    const trace = await readTrace((await writeTrace(events)).path);
    expect(trace).toMatchObject({ length: 10_000, left: 10 });
    expect(trace.functions[7]).toBe(`f7${'x'.repeat(998)}…`);
  });
});

describe('a file for a trace', () => {
  test('is never one that exists, unless that is wanted', () => {
    const path = join(temporaryDirectory(), 'trace.txt');
    writeFileSync(path, 'mine');
    expect(() => new TraceFile(path, { force: false })).toThrow(/exists already.*force: true/);
    expect(readFileSync(path, 'utf8')).toBe('mine');
    new TraceFile(path, { force: true }).close();
    expect(readFileSync(path, 'utf8')).toBe('');
  });

  test('is none that a link without a target stands for', () => {
    const folder = temporaryDirectory();
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'link'));
    expect(() => new TraceFile(join(folder, 'link'), { force: false })).toThrow(/exists already/);
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
  });

  test('needs a folder, and is none', () => {
    const folder = temporaryDirectory();
    const missing = join(folder, 'none', 'trace.txt');
    expect(() => new TraceFile(missing, { force: false })).toThrow(/there is no directory ".*none"/);
    expect(() => new TraceFile(folder, { force: true })).toThrow(/expected a file that can be created/);
  });

  test.runIf(existsSync('/dev/full'))('that has no space tells so, and loses its events alone', async () => {
    const file = new TraceFile('/dev/full', { force: true });
    const writer = new TraceWriter(file, { header, maxBytes: 2 ** 26 });
    const event: TraceEvent = { timeUs: 0, kind: 'hit', name: 'f', key: 1, bytes: 0, costNs: 0 };
    for (let n = 0; n < 10; n++) writer.write(event);
    await writer.end();
    writer.write(event);
    file.close();
    expect(file.failure?.message).toMatch(/\/dev\/full cannot be written: no space left on device/);
    expect([writer.events, writer.left]).toEqual([0, 11]);
  });
});

const START = `${LINE}=0 "f"\n`;

describe('reading a trace', () => {
  test('that was cut off anywhere gives what was whole, and says that it was cut', async () => {
    const text = `${START}1h0 1\n2h0 2\n3c0 3 4 5\nend {"events":3,"left":0}\n`;
    for (let length = LINE.length; length < text.length; length++) {
      const trace = await readTrace([text.slice(0, length)]);
      const lines = text.slice(0, length).split('\n').length - 1;
      expect(trace).toMatchObject({ isCut: true, length: Math.min(3, Math.max(0, lines - 2)) });
    }
    expect(await readTrace([text])).not.toHaveProperty('isCut');
  });

  test('that was gzipped and cut off gives what can still be unzipped', async () => {
    const events = Array.from({ length: 40_000 }, (_, n) => ({
      timeUs: n,
      kind: 'hit' as const,
      name: 'f',
      key: 1 + n * 1_000_003,
      bytes: 0,
      costNs: 0,
    }));
    const { path } = await writeTrace(events, { name: 'trace.gz' });
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length / 2)));
    const trace = await readTrace(path);
    expect(trace.isCut).toBe(true);
    expect(trace.length).toBeGreaterThan(10_000);
    expect(trace.length).toBeLessThan(40_000);
    expect(eventsOf(trace)).toEqual(events.slice(0, trace.length));
  });

  test('that tells nothing of its pool has no header', async () => {
    const trace = await readTrace(['memopool-trace 1 {}\nend {"events":0,"left":0}\n']);
    expect(trace).toMatchObject({ header: undefined, length: 0 });
  });

  test.each([
    ['', 1, /expected `memopool-trace 1 \{\.\.\.\}`, got the end of the file\. Name a trace/],
    ['hello\n', 1, /expected `memopool-trace 1 .* got "hello"/],
    ['memopool-trace 2 {}\n', 1, /expected version 1, got 2/],
    ['memopool-trace 1 {broken}\n', 1, /expected JSON/],
    ['memopool-trace 1 {"startedAt":"x"}\n', 1, /"startedAt" to be a time, got "x"/],
    [LINE.replace('1024', '-1'), 1, /"maxsize" to be a whole number or null, got -1/],
    [LINE.replace('null', '"a"'), 1, /"maxBytes" to be/],
    [LINE.replace('"workers":2', '"worker":2'), 1, /"workers" to be a whole number, got undefined/],
    [`${START}hello\n`, 3, /whole number/],
    [`${START}12\n`, 3, /expected an event, such as/],
    [`${START}12q0 1\n`, 3, /expected an event, such as/],
    [`${START}h0 1\n`, 3, /microseconds/],
    [`${START}-1h0 1\n`, 3, /microseconds/],
    [`${START}99999999999999999h0 1\n`, 3, /microseconds/],
    [`${START}1h1 1\n`, 3, /a function that was declared in a line before, got 1/],
    [`${START}1h 1\n`, 3, /the number of a function/],
    [`${START}1h0\n`, 3, /a space and a key/],
    [`${START}1h0 \n`, 3, /a key from 1/],
    [`${START}1h0 0\n`, 3, /a key from 1/],
    [`${START}1h0 w\n`, 3, /digits 0-9 and a-v/],
    [`${START}1h0 80000000000\n`, 3, /a key from 1 to 2\^53 - 1/],
    [`${START}1h0 1 2\n`, 3, /the end of the line/],
    [`${START}1c0 1\n`, 3, /a space and bytes/],
    [`${START}1c0 1 2\n`, 3, /a space and nanoseconds/],
    [`${START}1c0 1 2 3 4\n`, 3, /the end of the line/],
    [`${START}1x0 1\n`, 3, /the end of the line/],
    [`${START}=2 "g"\n`, 3, /expected the number 1, got 2/],
    [`${START}=1 g\n`, 3, /=NUMBER "NAME"/],
    [`${START}=1 "\\q"\n`, 3, /a name as JSON/],
    [`${START}end\n`, 3, /expected an event/],
    [`${START}end {"events":1,"left":0}\n`, 3, /expected 0 events, as there are, got 1/],
    [`${START}end {"events":0,"left":-1}\n`, 3, /to be whole numbers/],
    [`${START}end {"events":0,"left":0}\n1h0 1\n`, 4, /nothing after `end`/],
    [`${START}1h0 1\n${'1'.repeat(10_000)}`, 3, /a line of at most 8192 bytes/],
    [`${START}\n`, 3, /microseconds/],
  ])('refuses %j at line %i', async (text, line, message) => {
    const error = await rejection(readTrace([text]));
    expect(error).toMatchObject({ name: 'PoolError', code: 'ERR_ARGUMENT' });
    expect(error.message).toMatch(message);
    if (!text.includes('1'.repeat(100))) expect(error.message).toContain(`The trace, line ${line}: `);
  });

  test('names the file that cannot be read, or is no trace', async () => {
    const folder = temporaryDirectory();
    const missing = await rejection(readTrace(join(folder, 'none.txt')));
    expect(missing.message).toMatch(/none\.txt: no such file or directory/);
    const path = join(folder, 'text.txt');
    writeFileSync(path, 'text\n');
    expect((await rejection(readTrace(path))).message).toMatch(/text\.txt, line 1: expected/);
    writeFileSync(join(folder, 'text.gz'), 'text\n');
    expect((await rejection(readTrace(join(folder, 'text.gz')))).message).toMatch(/text\.gz: /);
  });

  test('survives any text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.string({ unit: 'binary' }),
            fc.stringMatching(/^[0-9]{0,3}[hjcsedx=]?[0-9]? ?[0-9a-v]{0,3}$/),
          ),
        ),
        async (lines) => {
          const result = await readTrace([START, lines.join('\n')]).catch((error: unknown) => error);
          if (result instanceof Error) expect(result).toMatchObject({ code: 'ERR_ARGUMENT' });
        },
      ),
    );
  });
});
