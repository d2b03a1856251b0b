// Finds the place of a syntax error in an ES module, or in one that it imports, in a thread of its own: a module that has
// failed is not parsed again where it did. The file of that thread is named by URL (workers/locate.cjs).
import { Worker } from 'node:worker_threads';
import { fileOf, type Position } from './error-position.ts';
import type { Search } from './load-module.ts';

/** What the thread posts. */
export interface Located {
  readonly url: string;
  readonly line: number;
}

const LONGEST_MS = 5000;

/** Undefined when it cannot be found: without the inspector, say, which the permission model denies. */
export async function locate(file: URL, search: Search): Promise<Position | undefined> {
  let worker: Worker;
  try {
    // What the module might print, it prints elsewhere too.
    worker = new Worker(file, { workerData: search, stdout: true, stderr: true });
  } catch {
    return undefined;
  }
  let timer: NodeJS.Timeout | undefined;
  const located = await new Promise<Located | undefined>((resolve) => {
    worker.once('message', resolve);
    worker.once('error', () => resolve(undefined));
    worker.once('exit', () => resolve(undefined));
    timer = setTimeout(resolve, LONGEST_MS, undefined);
  });
  clearTimeout(timer);
  await worker.terminate();
  const path = located === undefined ? undefined : fileOf(located.url);
  return located === undefined || path === undefined ? undefined : { file: path, line: located.line };
}
