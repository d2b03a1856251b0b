// How fast are big Fibonacci numbers, as a bigint and as a decimal string, beside GMP and V8's BigInt? Each way in a process
// of its own, all in turn; and whether all processes run equally fast. What the environment may ask for is told in
// bignum/settings.ts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figures, measure } from './bignum/figures.ts';
import { compileGmp } from './bignum/gmp.ts';
import { type Settings, settingsOf } from './bignum/settings.ts';
import { spreadLine, spreadOf, warmMedians } from './bignum/spread.ts';
import { costLines, powerOf, ratioLines, rowsOf } from './bignum/tables.ts';
import { aligned, report } from './harness/report.ts';

const folder = mkdtempSync(join(tmpdir(), 'memopool-bignum-'));
try {
  const settings = settingsOf(process.env);
  if (settings.spread === undefined) await compareAll(settings);
  else await showSpread(settings.forms, settings.spread);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function compareAll({ sizes, forms }: Settings): Promise<void> {
  const gmp = compileGmp(folder);
  const all: Figures[] = [];
  for (const n of sizes) {
    const begun = performance.now();
    all.push(...(await measure(n, forms, { folder, gmp })));
    console.log(`F(${powerOf(n)}): the answers agree (${((performance.now() - begun) / 1000).toFixed(0)} s)`);
  }
  const peers = new Set(all.flatMap(({ by }) => [...by.values()].map(({ name }) => name)));
  console.log(`\n${[...peers].join(', ')}; ms, medians of warm runs; ratios with 2 workers`);
  if (sizes.some((n) => n >= 1e9))
    console.log("V8's own decimal text of F(10^9) is left out: it takes minutes");
  console.log(`\n${aligned(ratioLines(all))}\n\n${aligned(costLines(all))}\n`);
  report('bignum', rowsOf(all));
}

async function showSpread(forms: Settings['forms'], processes: number): Promise<void> {
  for (const form of forms) {
    const medians = await warmMedians(processes, { form, folder });
    console.log(`F(10^7), ${form}, 2 workers, warm medians of ${processes} processes:`);
    console.log(medians.map((ms) => ms.toFixed(1)).join(' '));
    console.log(`${spreadLine(spreadOf(medians))}\n`);
  }
}
