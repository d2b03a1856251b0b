import { describe, expect, test } from 'vitest';
import { suggest } from '../src/suggest.ts';

const names = ['fibonacci', 'factorial', 'lcs', 'bell'];
const all = 'There are: fibonacci, factorial, lcs, bell.';

describe('a mistyped name', () => {
  test.each([
    ['fibonaci', 'fibonacci'],
    ['fibbonacci', 'fibonacci'],
    ['fibonaccj', 'fibonacci'],
    ['ifbonacci', 'fibonacci'],
    ['FIBONACCI', 'fibonacci'],
    ['factorials', 'factorial'],
    ['lsc', undefined],
    ['lcd', 'lcs'],
    ['bel', 'bell'],
  ])('%s: is it %s?', (name, meant) => {
    expect(suggest(name, names)).toBe(meant === undefined ? all : `Did you mean '${meant}'? ${all}`);
  });

  test.each(['', 'ackermann', 'x', 'completely different'])('%o is near to none', (name) => {
    expect(suggest(name, names)).toBe(all);
  });

  test('gets the nearest of several', () => {
    expect(suggest('abcdef', ['abcxxf', 'abcxef', 'abxxef'])).toContain("Did you mean 'abcxef'?");
  });

  test('of great length is compared by its beginning', () => {
    const long = 'f'.repeat(64);
    expect(suggest(long.repeat(10_000), [...names, long])).toContain(`Did you mean '${long}'?`);
    expect(suggest('fibonacci'.repeat(10_000), names)).toBe(all);
  });
});

test('where there is nothing to suggest, that is said', () => {
  expect(suggest('fib', [])).toBe('There are none.');
});
