// A first result without a pool: a bare Worker.
import { Worker } from 'node:worker_threads';

const worker = new Worker(new URL('../raw.mjs', import.meta.url));
worker.once('message', (answer) => {
  console.log(answer);
  worker.unref();
});
worker.postMessage(42);
