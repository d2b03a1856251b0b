import { describe, expect, test } from 'vitest';
import { positionOf } from '../../src/compute/error-position.ts';

function withStack(...lines: string[]): Error {
  return Object.assign(new Error('mine'), { stack: lines.join('\n') });
}

const place = { file: '/a/b.js', line: 3 };

describe('the place of an error', () => {
  test.each<[string, Error]>([
    ['of its first frame', withStack('Error: mine', '    at f (file:///a/b.js:3:5)', '    at g (/c.js:1:1)')],
    ['of a frame without a name', withStack('Error: mine', '    at file:///a/b.js:3:5')],
    ['of a path', withStack('Error: mine', '    at Object.f [as g] (/a/b.js:3:5)')],
    ['of a frame that was awaited', withStack('Error: mine', '    at async /a/b.js:3:5')],
    [
      "behind the engine's and Node's own",
      withStack(
        'SyntaxError: mine',
        '    at JSON.parse (<anonymous>)',
        '    at read (node:fs:440:20)',
        '    at file:///a/b.js:3:16',
      ),
    ],
    ['of an excerpt', withStack('file:///a/b.js:3', 'import x', '       ^', 'SyntaxError: mine')],
    ['of an excerpt with a path', withStack('/a/b.js:3', 'a = ;', '    ^', '', 'SyntaxError: mine')],
    [
      'of a transformation',
      withStack('TransformError: 1 error:', '/a/b.js:3:16: ERROR: mine', '    at f (/x/esbuild.js:1:1)'),
    ],
  ])('is that %s', (_what, error) => {
    expect(positionOf(error)).toEqual(place);
  });

  test.each<[string, unknown]>([
    [
      'of a syntax error in an ES module',
      withStack(
        'SyntaxError: mine',
        '    at compile (node:internal/modules/esm/utils:346:16)',
        '    at async file:///importer.js:8:9',
      ),
    ],
    ['without a stack', Object.assign(new Error('mine'), { stack: undefined })],
    ['with a stack that is no text', Object.assign(new Error('mine'), { stack: { at: 1 } })],
    [
      'with a stack that throws',
      Object.defineProperty(new Error('mine'), 'stack', {
        get: () => {
          throw new Error('yours');
        },
      }),
    ],
    [
      'of what is no file',
      withStack('Error: mine', '    at https://a/b.js:3:5', '    at file://host/a.js:1:1'),
    ],
    ['of what is no error', 'a text'],
  ])('is unknown %s', (_what, error) => {
    expect(positionOf(error)).toBeUndefined();
  });
});
