// What every process of bench/bignum does, gmp.c too. It prints {"ready":NAME}, and then answers each line it reads
// with a line of JSON, until its input ends:
//
//   turn RUNS BUDGET_MS   computes up to so many times, and begins no further run when the budget is spent:
//                         {"runs":[[MS, ...], ...]}, the parts of each run
//   answer PATH           writes the last answer into a file, a value in hex and a decimal as it is: {"answered":true}
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * @param {string} name
 * @param {() => Promise<{ parts: number[], answer: bigint | string }>} compute
 */
export async function serve(name, compute) {
  let last;
  const marks = new Set();
  reply({ ready: name });

  for await (const line of createInterface({ input: process.stdin })) {
    const [command, ...rest] = line.split(' ');
    if (command === 'turn') {
      const [runs, budgetMs] = rest.map(Number);
      const times = [];
      const begun = performance.now();
      while (times.length === 0 || (times.length < runs && performance.now() - begun < budgetMs)) {
        last = undefined; // no older answer beside the one under way
        const { parts, answer } = await compute();
        times.push(parts);
        marks.add(markOf(answer));
        last = answer;
      }
      reply({ runs: times });
    } else if (command === 'answer') {
      if (marks.size !== 1) throw new Error(`${name}: its runs came to different answers`);
      writeFileSync(rest.join(' '), typeof last === 'bigint' ? last.toString(16) : last, 'latin1');
      reply({ answered: true });
    } else {
      throw new Error(`expected turn or answer, got ${line}`);
    }
  }
}

// Tells answers apart at no cost in time or memory: only the last is compared whole.
function markOf(answer) {
  if (typeof answer === 'bigint') return String(BigInt.asUintN(64, answer));
  return `${answer.length} ${answer.slice(0, 20)} ${answer.slice(-20)}`;
}

function reply(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
