// The lines of a trace (docs/trace-format.md), checked one by one; chunks of bytes in, a trace out.
import { TRACE_KINDS, type Trace, type TraceHeader } from '../curves/trace.ts';
import { PoolError, showValue } from '../errors.ts';
import { MOST_EVENTS, TraceColumns } from './trace-columns.ts';
import { isWeighed, LONGEST_LINE, MAGIC, MOST_FUNCTIONS, PLACES, VERSION } from './trace-event.ts';

const NEWLINE = 10;
const SPACE = 32;
const ZERO = 48;
const EQUALS = 61;
const LETTER_A = 97;
const LETTER_E = 101;
const LETTER_N = 110;

const AN_EVENT =
  'an event, such as `15h0 1k2m3n4p5q6` or `9c0 1k2m3n4p5q6 200 1500`, `=NUMBER "NAME"`, or `end {...}`';
const DAMAGED = 'The file is damaged, or was changed: record again.';

interface End {
  readonly events: number;
  readonly left: number;
}

export class TraceParser {
  readonly #where: string;
  readonly #columns = new TraceColumns();
  readonly #functions: string[] = [];
  readonly #isWeighed = TRACE_KINDS.map(isWeighed);
  #header: TraceHeader | undefined;
  #end: End | undefined;
  #line = 0;
  #timeUs = 0;
  /** What came after the last newline. */
  #rest: Buffer = Buffer.alloc(0);
  // The line that is being read.
  #bytes: Buffer = this.#rest;
  #at = 0;
  #stop = 0;

  /** @param where what is read, as errors name it */
  constructor(where: string) {
    this.#where = where;
  }

  /** @throws PoolError ERR_ARGUMENT naming the line */
  push(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      this.#readLine(bytes, start, end);
      start = end + 1;
    }
    if (bytes.length - start > LONGEST_LINE) this.#refuseLongLine();
    this.#rest = Buffer.from(bytes.subarray(start)); // a copy: whoever gave the chunk may use it again
  }

  /** @throws PoolError ERR_ARGUMENT for a file that does not even begin as a trace */
  finish(): Trace {
    if (this.#line === 0) {
      this.#line++;
      throw this.#wrong(`\`${MAGIC} ${VERSION} {...}\``, 'the end of the file', 'Name a trace.');
    }
    return this.#columns.trace({
      header: this.#header,
      functions: this.#functions,
      left: this.#end?.left ?? 0,
      ...(this.#end === undefined ? { isCut: true } : {}),
    });
  }

  #readLine(bytes: Buffer, start: number, end: number): void {
    this.#line++;
    this.#bytes = bytes;
    this.#at = start;
    this.#stop = end;
    if (end - start > LONGEST_LINE) this.#refuseLongLine();
    if (this.#line === 1) this.#readHeader();
    else if (this.#end !== undefined) throw this.#wrong('nothing after `end`');
    else if (bytes[start] === EQUALS) this.#readFunction();
    else if (bytes[start] === LETTER_E && bytes[start + 1] === LETTER_N) this.#readEnd();
    else this.#readEvent();
  }

  #readHeader(): void {
    const text = this.#text;
    const [, version, json] = /^memopool-trace (\d{1,9}) (\{.*\})$/.exec(text) ?? [];
    if (version === undefined || json === undefined) {
      throw this.#wrong(`\`${MAGIC} ${VERSION} {...}\``, showValue(text), 'Name a trace.');
    }
    if (Number(version) !== VERSION) {
      throw this.#wrong(`version ${VERSION}`, version, 'Read it with the memopool that wrote it.');
    }
    const header = this.#parse(json);
    if (Object.keys(header).length > 0) this.#header = this.#checkHeader(header);
  }

  #checkHeader(header: Readonly<Record<string, unknown>>): TraceHeader {
    const { startedAt, maxsize, maxBytes, workers } = header;
    if (typeof startedAt !== 'string' || Number.isNaN(Date.parse(startedAt))) {
      throw this.#wrong('"startedAt" to be a time', showValue(startedAt));
    }
    if (!isBound(maxsize)) throw this.#wrong('"maxsize" to be a whole number or null', showValue(maxsize));
    if (!isBound(maxBytes)) throw this.#wrong('"maxBytes" to be a whole number or null', showValue(maxBytes));
    if (!isCount(workers)) throw this.#wrong('"workers" to be a whole number', showValue(workers));
    return { startedAt, maxsize, maxBytes, workers };
  }

  #readFunction(): void {
    const { length } = this.#functions;
    const [, number, json] = /^=(\d{1,5}) (".*")$/.exec(this.#text) ?? [];
    if (json === undefined) throw this.#wrong('`=NUMBER "NAME"`');
    if (Number(number) !== length) throw this.#wrong(`the number ${length}`, String(number));
    if (length >= MOST_FUNCTIONS) throw this.#wrong(`at most ${MOST_FUNCTIONS} functions`, 'one more');
    this.#functions.push(this.#parseName(json));
  }

  #readEnd(): void {
    const [, json] = /^end (\{.*\})$/.exec(this.#text) ?? [];
    if (json === undefined) throw this.#wrong(AN_EVENT);
    const { events, left } = this.#parse(json);
    if (!isCount(events) || !isCount(left)) throw this.#wrong('"events" and "left" to be whole numbers');
    const { length } = this.#columns;
    if (events !== length) throw this.#wrong(`${length} events, as there are`, String(events));
    this.#end = { events, left };
  }

  #readEvent(): void {
    if (this.#columns.length >= MOST_EVENTS) {
      throw this.#wrong(`at most ${MOST_EVENTS} events`, 'more', 'Record with a smaller maxFileBytes.');
    }
    const delta = this.#readDecimal('microseconds since the event before');
    const place = PLACES[this.#bytes[this.#at++] ?? 0];
    if (place === undefined || this.#at > this.#stop) throw this.#wrong(AN_EVENT);
    const number = this.#readDecimal('the number of a function');
    if (number >= this.#functions.length) {
      throw this.#wrong('a function that was declared in a line before', String(number));
    }
    this.#timeUs += delta;
    const key = TRACE_KINDS[place] === 'clear' ? 0 : this.#readKey();
    const weighed = this.#isWeighed[place] === true;
    const bytes = weighed ? this.#readField('bytes') : 0;
    const costNs = weighed ? this.#readField('nanoseconds') : 0;
    if (this.#at !== this.#stop) throw this.#wrong('the end of the line');

    const row = this.#columns.add();
    const { columns } = this.#columns;
    columns.timesUs[row] = this.#timeUs;
    columns.kinds[row] = place;
    columns.functionOf[row] = number;
    columns.keys[row] = key;
    columns.bytes[row] = bytes;
    columns.costsNs[row] = costNs;
  }

  #readField(what: string): number {
    this.#readSpace(what);
    return this.#readDecimal(what);
  }

  #readSpace(what: string): void {
    if (this.#at >= this.#stop || this.#bytes[this.#at++] !== SPACE) throw this.#wrong(`a space and ${what}`);
  }

  #readDecimal(what: string): number {
    const start = this.#at;
    let value = 0;
    while (this.#at < this.#stop) {
      const digit = (this.#bytes[this.#at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      this.#at++;
    }
    if (this.#at > start && value <= Number.MAX_SAFE_INTEGER) return value;
    throw this.#wrong(`${what}: a whole number up to 2^53 - 1`);
  }

  #readKey(): number {
    this.#readSpace('a key');
    let value = 0;
    while (this.#at < this.#stop && this.#bytes[this.#at] !== SPACE) {
      const digit = digitOf(this.#bytes[this.#at++] ?? 0);
      if (digit === undefined) throw this.#wrong('a key of the digits 0-9 and a-v');
      value = value * 32 + digit;
    }
    if (value > 0 && value <= Number.MAX_SAFE_INTEGER) return value;
    throw this.#wrong('a key from 1 to 2^53 - 1 in base 32');
  }

  get #text(): string {
    return this.#bytes.toString('utf8', this.#at, this.#stop);
  }

  #parse(json: string): Readonly<Record<string, unknown>> {
    try {
      return JSON.parse(json) as Record<string, unknown>; // it begins as an object
    } catch {
      throw this.#wrong('JSON', showValue(json));
    }
  }

  #parseName(json: string): string {
    try {
      return JSON.parse(json) as string; // it begins as a string
    } catch {
      throw this.#wrong('a name as JSON', showValue(json));
    }
  }

  #refuseLongLine(): never {
    throw this.#wrong(`a line of at most ${LONGEST_LINE} bytes`, 'a longer one', 'Name a trace.');
  }

  #wrong(expected: string, got: string = this.#shownLine, advice: string = DAMAGED): PoolError {
    const line = this.#line;
    return new PoolError(
      'ERR_ARGUMENT',
      `${this.#where}, line ${line}: expected ${expected}, got ${got}. ${advice}`,
      { details: { line } },
    );
  }

  get #shownLine(): string {
    const start = this.#bytes.lastIndexOf(NEWLINE, this.#stop - 1) + 1;
    return showValue(this.#bytes.toString('utf8', start, this.#stop));
  }
}

function digitOf(code: number): number | undefined {
  const digit = code >= LETTER_A ? code - LETTER_A + 10 : code - ZERO;
  const isDigit = code >= LETTER_A ? digit < 32 : digit >= 0 && digit < 10;
  return isDigit ? digit : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isBound(value: unknown): value is number | null {
  return value === null || isCount(value);
}
