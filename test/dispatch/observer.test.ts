// What a pool's dispatcher tells of its threads to who measures them, with real threads.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findEntry } from '../../src/dispatch/entry.ts';
import type { DispatchObserver, Place } from '../../src/dispatch/observer.ts';
import { ThreadStarter } from '../../src/dispatch/thread-starter.ts';
import { Threads } from '../../src/dispatch/threads.ts';
import { resolveOptions } from '../../src/options.ts';
import { MemoPool } from '../../src/pool.ts';

class Notes implements DispatchObserver {
  readonly told: string[] = [];
  onSubmit = ({ name }: { name: string }): void => void this.told.push(`submit ${name}`);
  onSend = (): void => void this.told.push('send');
  onWait = ({ name }: { name: string }): void => void this.told.push(`wait ${name}`);
  onHelp = (_: Place, helps: boolean): void => void this.told.push(`help ${helps}`);
  onEnd = ({ count }: Place): void => void this.told.push(`end with ${count}`);
  onSettled = (): void => {};
  onAnswers: DispatchObserver['onAnswers'] = (_, answered) => {
    for (const { task } of answered) this.told.push(`answer ${task.name}`);
  };
}

let notes: Notes;
let pool: MemoPool;

beforeEach(() => {
  notes = new Notes();
  const functions = ['nesting', 'behaviours'].map(
    (name) => new URL(`../fixtures/modules/${name}.ts`, import.meta.url),
  );
  const resolved = resolveOptions({ functions, workers: 1 });
  const starter = new ThreadStarter({ ...resolved, entry: findEntry(), workers: 1 }, () => {});
  const threads = new Threads({
    ...resolved,
    startThread: (events) => starter.start(events),
    onLateError: () => {},
    onAdvice: () => {},
    onHarvest: () => {},
    observer: notes,
  });
  pool = new MemoPool(resolved, threads);
});

afterEach(() => pool.close());

test('a call that makes a call waits for it, and is answered after it', async () => {
  await pool.run('chain', [1]);
  expect(notes.told).toEqual([
    'submit chain',
    'send',
    'submit chain',
    'wait chain',
    'send',
    'answer chain',
    'answer chain',
  ]);
});

test('a thread that ends is told of, with no call left', async () => {
  await expect(pool.run('exit', [3])).rejects.toMatchObject({ code: 'ERR_WORKER_EXIT' });
  expect(notes.told).toEqual(['submit exit', 'send', 'end with 0']);
});
