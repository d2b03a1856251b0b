import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FIXTURES, memopool } from './command.ts';

const MODULE = './functions.js';

describe('memopool run', () => {
  it.each([
    [['binomial', '40', '20'], '137846528820'],
    [['linearRecurrence', '[1, 1]', '[0, 1]', '100'], '354224848179261915075'],
    [['fibonacciMod', '1e30', '1000007'], undefined],
    [['editDistance', 'kitten', 'sitting'], '3'],
    [['lcs', '"10"', '"210"'], '10'],
  ])('calls a built-in function: %j', async (args, text) => {
    const { code, stdout, stderr } = await memopool(['run', ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    if (text !== undefined) expect(stdout).toBe(`${text}\n`);
    expect(stdout).toMatch(/^\w+\n$/);
  });

  it('finds a module from the working directory, by an absolute path, and in TypeScript', async () => {
    expect(await memopool(['run', 'functions.js#same', '5n'])).toMatchObject({ code: 0, stdout: '5\n' });
    const path = join(FIXTURES, 'functions.js');
    expect(await memopool(['run', `${path}#same`, 'x'], { cwd: '/' })).toMatchObject({
      code: 0,
      stdout: 'x\n',
    });
    expect(await memopool(['run', './typed.ts#twice', '21'])).toMatchObject({ code: 0, stdout: '42\n' });
  });

  it('does not take a built-in function for an export that the module lacks', async () => {
    const { code, stdout, stderr } = await memopool(['run', `${MODULE}#fibonacci`, '10']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/no function "fibonacci"/);
  });

  it.each([
    ['9007199254740993', '9007199254740993\n'],
    ['-1.5e-3', '-0.0015\n'],
    ['some text', 'some text\n'],
    ['[1, 12345678901234567890, {"a": null}]', '[1,"12345678901234567890",{"a":null}]\n'],
  ])('hands %s to the function and writes what it returns', async (arg, stdout) => {
    expect(await memopool(['run', `${MODULE}#same`, arg])).toEqual({ code: 0, stdout, stderr: '' });
  });

  it.each([
    ['nothing', 'undefined\n'],
    ['tree', '[["1",[2,["3"]]]]\n'],
  ])('writes any other result as JSON: %s', async (name, stdout) => {
    expect(await memopool(['run', `${MODULE}#${name}`])).toEqual({ code: 0, stdout, stderr: '' });
  });

  it('makes the digits of a large bigint that it did not expect', async () => {
    const { code, stdout } = await memopool(['run', `${MODULE}#powerOfTwo`, '100_000']);
    expect(code).toBe(0);
    expect(stdout).toBe(`${1n << 100_000n}\n`);
  });

  it('sends what the function prints to stderr', async () => {
    expect(await memopool(['run', `${MODULE}#chatty`, '3'])).toEqual({
      code: 0,
      stdout: '3\n',
      stderr: 'from the function\n',
    });
  });

  it('answers with one line of JSON', async () => {
    const { stdout } = await memopool(['run', `${MODULE}#same`, '{"big": 10000000000000000000}', '--json']);
    const text = '{"big":"10000000000000000000"}';
    expect(JSON.parse(stdout)).toMatchObject({
      function: 'same',
      args: [{ big: '10000000000000000000' }],
      type: 'json',
      sha256: createHash('sha256').update(text).digest('hex'),
      cache: { misses: 1 },
      value: JSON.parse(text),
    });
  });

  it.each([
    ['thrower', /^memopool: thrower threw RangeError: seven is no answer\n$/],
    ['throwNull', /^memopool: throwNull threw null.*\n$/],
    ['exits', /^memopool: exits ended its thread.*\n$/],
    ['circle', /^memopool: The result cannot be written as JSON.*\n$/],
  ])('says in one line without a stack what failed, and exits with 1: %s', async (name, message) => {
    const { code, stdout, stderr } = await memopool(['run', `${MODULE}#${name}`]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it.each(['throws-on-import.js', 'missing.js'])(
    'names the module that cannot be loaded: %s',
    async (file) => {
      const { code, stdout, stderr } = await memopool(['run', `./${file}#f`]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^memopool: The module file:.* cannot be loaded: /);
      expect(stderr).toContain(file);
      expect(stderr).not.toContain('    at ');
    },
  );

  it('shows the stack when asked to', async () => {
    const { code, stderr } = await memopool(['run', `${MODULE}#thrower`], { env: { MEMOPOOL_DEBUG: '1' } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/at thrower .*functions\.js/);
  });

  it('names the functions there are when there is none of the name', async () => {
    for (const [target, listed] of [
      [`${MODULE}#trower`, "Did you mean 'thrower'?"],
      ['trower', 'binomial'],
      ['toString', 'binomial'],
    ] as const) {
      const { code, stdout, stderr } = await memopool(['run', target]);
      expect({ code, stdout }, target).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(listed);
    }
  });
});
