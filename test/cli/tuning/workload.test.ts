import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Failure, UsageError } from '../../../src/cli/failure.ts';
import { readWorkload, type WorkloadLimits, workloadFile } from '../../../src/cli/tuning/workload.ts';
import { temporaryDirectory } from '../command.ts';

async function* inPieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length);
}

function read(text: string | Uint8Array, only?: string, limits?: WorkloadLimits, length = 7) {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return readWorkload({ name: 'calls.txt', bytes: inPieces(bytes, length) }, only, limits);
}

describe('a workload file', () => {
  it('has words as memopool run reads them', async () => {
    expect(await read('40 20\n1e6\n10n  -5\n[true,1]\nabc "10"\n', 'f')).toEqual([
      { name: 'f', args: [40, 20] },
      { name: 'f', args: [1_000_000] },
      { name: 'f', args: [10n, -5] },
      { name: 'f', args: [true, 1] },
      { name: 'f', args: ['abc', '10'] },
    ]);
  });

  it('has arrays of arguments and objects that name the function, in JSON', async () => {
    const lines =
      '["a b", [1, 2], {"c": 12345678901234567890}]\n{"function": "f", "args": []}\n{"args": [1]}';
    expect(await read(lines, 'f')).toEqual([
      { name: 'f', args: ['a b', [1, 2], { c: 12_345_678_901_234_567_890n }] },
      { name: 'f', args: [] },
      { name: 'f', args: [1] },
    ]);
  });

  it('names the function of each line where the command names none', async () => {
    expect(await read('binomial 40 20\n{"function": "fibonacci", "args": [9]}')).toEqual([
      { name: 'binomial', args: [40, 20] },
      { name: 'fibonacci', args: [9] },
    ]);
  });

  it('may have empty lines, comments, a byte order mark and the line ends of Windows', async () => {
    expect(await read('\ufeff# all of them\r\n\r\n  1\r\n   # none\r\n2', 'f')).toEqual([
      { name: 'f', args: [1] },
      { name: 'f', args: [2] },
    ]);
  });

  it.each([1, 2, 3, 1000])('reads the same in pieces of %i bytes', async (length) => {
    const calls = await read('[1, "äöü €"]\n2 3\n', 'f', undefined, length);
    expect(calls).toEqual([
      { name: 'f', args: [1, 'äöü €'] },
      { name: 'f', args: [2, 3] },
    ]);
  });

  it.each([
    ['1\n[1, 2', 'f', /^calls\.txt:2: expected a JSON array of arguments.*got "\[1, 2"\.$/],
    ['[1]', undefined, /^calls\.txt:1: expected the name of a function first.*got "\[1\]"\.$/],
    ['{"args": [1]}', undefined, /^calls\.txt:1: .*"function" is a name/],
    ['{"function": "f"}', undefined, /^calls\.txt:1: .*"args" is an array/],
    ['{"function": "f", "args": [], "n": 1}', undefined, /^calls\.txt:1: .*nothing else in it; got "n"/],
    ['{function: 1}', 'f', /^calls\.txt:1: expected an object such as/],
    ['{"function": "g", "args": []}', 'f', /^calls\.txt:1: expected calls of f alone, got one of "g"/],
    ['lcs "a b" c', undefined, /^calls\.txt:1: expected values without spaces, .*JSON array; got "\\"a"/],
    ['# nothing\n\n', 'f', /^calls\.txt: expected a call a line, got none; write one such as 40 20\.$/],
    ['', undefined, /write one such as binomial 40 20\.$/],
  ])('tells the line and what was expected of %j', async (text, only, message) => {
    const error = await read(text, only).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error instanceof Error && error.message)).toMatch(message);
  });

  it('is refused when it is no text', async () => {
    await expect(read(Uint8Array.of(49, 10, 255, 254), 'f')).rejects.toThrow(
      /expected text in UTF-8.*--trace/,
    );
  });

  it('has bounds: calls, length of a line, bytes', async () => {
    const limits = { calls: 2, line: 20, bytes: 100 };
    expect(await read('1\n2\n#3\n', 'f', limits)).toHaveLength(2);
    await expect(read('1\n2\n3', 'f', limits)).rejects.toThrow(/^calls\.txt:3: expected at most 2 calls/);
    await expect(read(`1\n${'2'.repeat(21)}`, 'f', limits)).rejects.toThrow(/^calls\.txt:2: .*20 characters/);
    await expect(read(`1\n${'#'.repeat(50)}`, 'f', limits)).rejects.toThrow(/^calls\.txt:2: .*20 characters/);
    await expect(read('#\n'.repeat(51), 'f', limits)).rejects.toThrow(
      /^calls\.txt: expected at most 100 bytes/,
    );
  });

  it('that is not there is an error of its own', async () => {
    const missing = readWorkload(workloadFile(join(temporaryDirectory(), 'missing')), 'f');
    await expect(missing).rejects.toThrow(Failure);
    const directory = temporaryDirectory();
    await expect(readWorkload(workloadFile(directory), 'f')).rejects.toThrow(/cannot be read: .*directory/);
    writeFileSync(join(directory, 'calls'), '7\n');
    expect(await readWorkload(workloadFile(join(directory, 'calls')), 'f')).toHaveLength(1);
  });
});
