// A fresh pool's first result: piscina.
import { Piscina } from 'piscina';

const pool = new Piscina({
  filename: new URL('../piscina.mjs', import.meta.url).href,
  minThreads: 1,
  maxThreads: 1,
});
console.log(await pool.run(42));
await pool.destroy();
