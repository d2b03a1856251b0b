// What is to be called, as the command line names it: a function of a module, a built-in one, or a module.
import { resolve } from 'node:path';
import { wrongValue } from './options.ts';

/** A function, and the module that it is in; a built-in one has none. */
export interface Target {
  readonly module: string | undefined;
  readonly name: string;
}

/** Where functions are; without a name, calls name theirs themselves. */
export interface Place {
  readonly module: string | undefined;
  readonly name: string | undefined;
}

/**
 * `./mod.js#fn` as its module and export; a text without `#` as the name of a built-in function.
 *
 * @throws UsageError for a path without an export
 */
export function parseTarget(text: string): Target {
  const hash = text.lastIndexOf('#');
  const module = hash < 0 ? undefined : text.slice(0, hash);
  const name = text.slice(hash + 1);
  if (module === '' || name === '' || isModule(text)) {
    throw wrongValue(
      'FUNCTION',
      'MODULE#EXPORT, such as ./module.js#name, or the name of a built-in function',
      text,
    );
  }
  return { module, name };
}

/**
 * The same, where `./mod.js` may stand for all that it exports.
 *
 * @throws UsageError
 */
export function parsePlace(text: string): Place {
  return isModule(text) ? { module: text, name: undefined } : parseTarget(text);
}

/** The module as a pool takes it. */
export function absolute(module: string, cwd: string): string {
  return module.startsWith('file:') ? module : resolve(cwd, module);
}

function isModule(text: string): boolean {
  return !text.includes('#') && /[/\\]|\.[cm]?[jt]s$/.test(text);
}
