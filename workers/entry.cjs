// The file that piscina starts a thread with. CommonJS, because piscina `require()`s it: an ES module that is required
// and whose thread is ended meanwhile (a call cancelled while its thread starts) makes Node 20 and 24 abort the process.
const { workerData } = require('node:worker_threads');

// At once: it is loaded while piscina shakes hands with the main thread.
const loaded = load();
loaded.catch(() => {}); // who opens the port is told

/** Serves the port from now on. */
module.exports = async function entry(port) {
  const serve = await loaded;
  serve(port);
};

async function load() {
  // Run from TypeScript sources on a Node without type stripping: the hooks of tsx do not reach a thread by themselves.
  if (workerData.needsTsx) {
    const { register } = await import('tsx/esm/api');
    register();
    globalThis[Symbol.for('memopool.typescript')] = true; // for the registry: once is enough
  }
  return (await import(workerData.compute)).default;
}
