// What the system does not allow.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Row } from '../row.ts';

const MAJOR = Number.parseInt(process.versions.node, 10);
const PERMISSION = MAJOR < 22 ? '--experimental-permission' : '--permission';

export const system: readonly Row[] = [
  {
    id: 'permission',
    fault: 'the permission model allows no worker threads',
    promise: 'every call rejects with the flag to add',
    codes: ['ERR_WORKER_START'],
    nodeFlags: [PERMISSION, '--allow-fs-read=*'],
    async run({ open, failsTwice, threadsStarted }) {
      const pool = open();
      await failsTwice(() => pool.run('twice', [1]), 'ERR_WORKER_START', /--allow-worker/);
      const many = Array.from({ length: 20 }, (_, n) => pool.run('twice', [n]));
      for (const { status } of await Promise.allSettled(many)) assert.equal(status, 'rejected');
      assert.equal(threadsStarted(), 0);
      await pool.close();
      return 'every call: ERR_WORKER_START with the flag --allow-worker';
    },
  },
  {
    id: 'stack-refused',
    fault: 'the system refuses a stack of the size asked for',
    promise: 'threads get a smaller one, with one warning of its size',
    async run({ root }) {
      const script = `${root}test/fixtures/huge-stack.mjs`;
      // 20 GB of address space, where the script asks for a stack of 64 GiB.
      const child = spawn('sh', ['-c', 'ulimit -v 20000000; exec "$0" "$1"', process.execPath, script], {
        timeout: 20_000,
        killSignal: 'SIGKILL',
      });
      const [out, err, [code]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'close'),
      ]);
      assert.deepEqual([out, code], ['55n\n', 0]);
      assert.equal(err.match(/MEMOPOOL_SMALLER_STACK/g)?.length, 1);
      return 'the call: its value; one warning MEMOPOOL_SMALLER_STACK';
    },
  },
];
