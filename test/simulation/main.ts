// `npm run simulate -- --seed 123` replays one seed with its whole trace; `-- --from 0 --count 100000` hunts.
import { parseArgs } from 'node:util';
import { simulate } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    from: { type: 'string', default: '0' },
    count: { type: 'string', default: '1000' },
    quiet: { type: 'boolean', default: false },
  },
});

const MOST_SHOWN = 20;

async function replay(seed: number): Promise<void> {
  const { trace, failures } = await simulate(seed);
  if (!values.quiet) for (const line of trace) console.log(line);
  console.log(
    failures.length === 0 ? `seed ${seed}: all as promised` : `seed ${seed}: ${failures.join('; ')}`,
  );
  if (failures.length > 0) process.exitCode = 1;
}

async function hunt(from: number, count: number): Promise<void> {
  const start = performance.now();
  const totals = new Map<string, number>();
  let failed = 0;
  for (let seed = from; seed < from + count; seed++) {
    const { failures, counts } = await simulate(seed);
    for (const [what, times] of counts) totals.set(what, (totals.get(what) ?? 0) + times);
    if (failures.length === 0) continue;
    failed++;
    if (failed <= MOST_SHOWN) console.log(`seed ${seed}: ${failures[0]}`);
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${count} seeds from ${from} in ${seconds} s: ${failed} failed`);
  for (const [what, times] of [...totals].toSorted()) console.log(`  ${what}: ${times}`);
  if (failed > 0) process.exitCode = 1;
}

if (values.seed !== undefined) await replay(Number(values.seed));
else await hunt(Number(values.from), Number(values.count));
