import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/cli/failure.ts';
import { jsonOf, render } from '../../src/cli/render.ts';

async function noWorker(): Promise<string> {
  throw new Error('made elsewhere');
}

describe('a result as text', () => {
  it('is the digits of a bigint', async () => {
    expect(await render(-255n, noWorker)).toEqual({ kind: 'digits', text: '-255', base: 10 });
  });

  it('has the digits of a large bigint made elsewhere', async () => {
    const large = 1n << 40_000n;
    expect(await render(large, async (value) => `<${value === large}>`)).toMatchObject({ text: '<true>' });
  });

  it('is a string as it is', async () => {
    expect(await render('"a"\n', noWorker)).toEqual({ kind: 'text', text: '"a"\n' });
  });

  it.each([
    ['7', 7],
    ['NaN', NaN],
    ['-Infinity', -Infinity],
    ['true', true],
    ['null', null],
    ['undefined', undefined],
    ['["1",{"big":"18446744073709551616"}]', [1n, { big: 2n ** 64n }]],
    ['[["1",[2]]]', new Map([[1n, new Set([2])]])],
    ['[1,2]', new Uint8Array([1, 2])],
    ['["3"]', new BigInt64Array([3n])],
    ['"1970-01-01T00:00:00.000Z"', new Date(0)],
    ['"/a/g"', /a/g],
  ])('is JSON otherwise: %s', async (text, value) => {
    expect(await render(value, noWorker)).toEqual({ kind: 'json', text });
  });

  it('is refused when it is circular', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    expect(() => jsonOf(circle)).toThrow(Failure);
    expect(() => jsonOf(circle)).toThrow(/^The result cannot be written as JSON: [^\n]*\.$/);
  });
});
