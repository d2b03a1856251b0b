// A thread and what keeps the process alive: in a process of its own, which ends when nothing does.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = new URL('../..', import.meta.url);

test('a process stays until the death of a thread that it holds is told, although its port closes before', async () => {
  const script = `
    import('${new URL('src/dispatch/thread.ts', root).href}').then(({ Thread }) => {
      const entry = {
        file: new URL('${new URL('workers/entry.cjs', root).href}'),
        compute: new URL('${new URL('test/fixtures/closes-port.mjs', root).href}'),
        needsTsx: false,
      };
      const onDeath = () => console.log(thread.deathOf('f').code);
      const options = { entry, modules: [], builtIns: false, stackSizeMb: 64 };
      const thread = new Thread(options, { onMessage: () => {}, onDeath });
      thread.hold(true);
      thread.post(['clear']);
    });`;
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], { cwd: fileURLToPath(root) });
  const [[code], out, err] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  expect([code, out, err]).toEqual([0, 'ERR_WORKER_EXIT\n', '']);
});
