// Which calls callers make: functions of the graph with small numbers, now and then in another form.
import { RESULT_FORMS } from '../../src/types.ts';
import { type FunctionSpec, isBigintKind, MOST_N } from './functions.ts';
import { argsKeyOf, keyOf, type Target } from './model.ts';
import type { Random } from './random.ts';

export function drawTarget(random: Random, graph: readonly FunctionSpec[]): Target {
  if (random.chance(0.02)) return makeTarget({ spec: undefined, n: 1, args: [1], form: undefined });
  const spec = random.pick(graph);
  const n = random.whole(0, MOST_N);
  const args = random.weighed<readonly unknown[]>([
    [6, [n]],
    [1, [n, 'and more']],
    [1, [{ n, list: [1, null] }]],
  ]);
  const wantsForm = random.chance(isBigintKind(spec) ? 0.5 : 0.03);
  return makeTarget({ spec, n, args, form: wantsForm ? random.pick(RESULT_FORMS) : undefined });
}

/** A call of a function of the graph, or of one that there is not. */
export function makeTarget({
  spec,
  n,
  args,
  form,
}: {
  readonly spec: FunctionSpec | undefined;
} & Pick<Target, 'n' | 'args' | 'form'>): Target {
  const name = spec?.name ?? 'nope';
  const argsKey = argsKeyOf(name, args);
  return { spec, name, n, args, argsKey, form, key: keyOf(argsKey, form) };
}
