// The thread's entry when memopool runs from its TypeScript sources on a Node without type stripping: registers
// tsx in this thread (its hooks do not reach a worker by themselves), then hands over to compute.ts.
let compute;

export default async function fromSource(message) {
  compute ??= await load();
  return compute(message);
}

async function load() {
  const { register } = await import('tsx/esm/api');
  register();
  globalThis[Symbol.for('memopool.typescript')] = true; // for the registry: once is enough
  return (await import('./compute.ts')).default;
}
