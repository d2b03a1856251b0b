import { describe, expect, it } from 'vitest';
import { type Answer, factsJson, shortForm, showLength, wholeJson } from '../../src/cli/answer.ts';
import { charactersOf, contentsOf, lengthOf } from '../../src/cli/contents.ts';
import type { Rendered } from '../../src/cli/render.ts';
import { Counters, cacheInfo } from '../../src/stats.ts';
import { DigitsHandle } from '../../src/values/digits-handle.ts';
import { encodeText } from '../../src/values/text-bytes.ts';

const CACHE = cacheInfo(new Counters(), { maxsize: null, maxBytes: null });

function answer(result: Rendered): Answer {
  return { name: 'f', args: [1, 2n ** 64n, 'x'], result, elapsedMs: 1.23456, cache: CACHE };
}

function digits(text: string): Rendered {
  return { kind: 'digits', text, base: 10 };
}

function handle(text: string): Rendered {
  return { kind: 'handle', digits: new DigitsHandle(encodeText(text)) };
}

describe('digits that are no string', () => {
  it.each(['0', '-42', `-${'1234567890'.repeat(60_000)}`])(
    'are written as the same digits in a string',
    (text) => {
      const [bytes, string] = [handle(text), digits(text)];
      expect(Buffer.concat([...contentsOf(bytes)].map((piece) => Buffer.from(piece))).toString()).toBe(text);
      expect(charactersOf(bytes)).toBe(text.length);
      expect(lengthOf(bytes)).toBe(lengthOf(string));
      expect(showLength(bytes)).toBe(showLength(string));
      if (text.length > 1000) expect(shortForm(bytes, 'abc')).toBe(shortForm(string, 'abc'));
      const [facts, same] = [factsJson(answer(bytes), 'abc'), factsJson(answer(string), 'abc')];
      expect(facts).toBe(same);
      const lines = [wholeJson(facts, bytes), wholeJson(facts, string)].map((pieces) =>
        Buffer.concat([...pieces].map((piece) => Buffer.from(piece))).toString(),
      );
      expect(lines[0]).toBe(lines[1]);
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({ value: text, base: 10 });
    },
  );
});

describe('the length of a result', () => {
  it('counts digits without the sign, and the characters of anything else', () => {
    expect(lengthOf(digits('-123'))).toBe(3);
    expect(lengthOf({ kind: 'text', text: '-123' })).toBe(4);
    expect(showLength(digits('1'))).toBe('1 digit');
    expect(showLength(digits('1'.repeat(2000)))).toBe('2,000 digits');
    expect(showLength({ kind: 'json', text: '[]' })).toBe('2 characters');
  });
});

describe('the short form for a terminal', () => {
  it('has both ends, the count, the SHA-256 and how to get all, in lines of less than 80 columns', () => {
    const lines = shortForm(digits(`12345${'0'.repeat(5000)}67890`), 'f'.repeat(64)).split('\n');
    expect(lines[0]).toMatch(/^123450+ \.\.\. 0+67890$/);
    expect(lines[1]).toBe('5,010 digits');
    expect(lines[2]).toBe(`SHA-256 ${'f'.repeat(64)}`);
    expect(lines[3]).toContain('-o FILE');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(80);
  });

  it('sends nothing to the terminal that it would obey', () => {
    const short = shortForm({ kind: 'text', text: `\x1b[31m\n${'x'.repeat(2000)}\x07` }, '');
    expect(short.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(short.split('\n')).toHaveLength(4);
  });
});

describe('the line of JSON', () => {
  it('has the call, its figures and at last the value', () => {
    const facts = factsJson(answer(digits('-42')), 'abc');
    const line = [...wholeJson(facts, digits('-42'))].join('');
    expect(line.endsWith('"value":"-42"}\n')).toBe(true);
    expect(JSON.parse(line)).toEqual({
      function: 'f',
      args: [1, '18446744073709551616', 'x'],
      type: 'bigint',
      base: 10,
      digits: 2,
      sha256: 'abc',
      elapsedMs: 1.235,
      cache: CACHE,
      value: '-42',
    });
  });

  it.each([
    ['text', 'a "quoted"\n😀\ud800', 'a "quoted"\n😀\ud800', 'string'],
    ['json', '{"a":[1]}', { a: [1] }, 'json'],
    ['json', 'NaN', null, 'json'],
    ['json', 'undefined', null, 'json'],
  ] as const)('is valid whatever the result is: %s %j', (kind, text, value, type) => {
    const result: Rendered = { kind, text };
    const line = [...wholeJson(factsJson(answer(result), ''), result)].join('');
    expect(JSON.parse(line)).toMatchObject({ type, value });
    expect(line.indexOf('\n')).toBe(line.length - 1);
  });

  it('keeps a long text whole', () => {
    const result: Rendered = { kind: 'text', text: '"\\😀'.repeat(50_000) };
    const line = [...wholeJson(factsJson(answer(result), ''), result)].join('');
    expect(JSON.parse(line).value).toBe(result.text);
  });
});
