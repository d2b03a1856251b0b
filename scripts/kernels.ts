// Makes src/kernels/module.ts: the WebAssembly module of the kernels as text, from its source in src/kernels/assembly.
// npm run kernels; a test tells when it has been forgotten.
import { writeFileSync } from 'node:fs';
import { moduleSource } from '../src/kernels/assembly/source.ts';

writeFileSync(new URL('../src/kernels/module.ts', import.meta.url), moduleSource());
