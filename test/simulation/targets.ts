// Which calls callers make: functions of the graph with small numbers, now and then in another form.
import { RESULT_FORMS } from '../../src/types.ts';
import { type FunctionSpec, isBigintKind, MOST_N } from './functions.ts';
import { argsKeyOf, keyOf, type Target } from './model.ts';
import type { Random } from './random.ts';

export function drawTarget(random: Random, graph: readonly FunctionSpec[]): Target {
  if (random.chance(0.02)) return makeTarget({ spec: undefined, n: 1, args: [1], form: undefined });
  const spec = random.pick(graph);
  const n = random.whole(0, MOST_N);
  const args = argumentsOf(
    n,
    random.weighed([
      [6, 0],
      [1, 1],
      [1, 2],
    ]),
  );
  const wantsForm = random.chance(isBigintKind(spec) ? 0.5 : 0.03);
  return makeTarget({ spec, n, args, form: wantsForm ? random.pick(RESULT_FORMS) : undefined });
}

/** Arguments of a call that is about `n`: primitives, or an object. */
export function argumentsOf(n: number, shape: number): readonly unknown[] {
  if (shape === 0) return [n];
  return shape === 1 ? [n, 'and more'] : [{ n, list: [1, null] }];
}

/** The number that a call is about, in whatever form its arguments have it. */
export function nOf(args: readonly unknown[]): number {
  const [first] = args;
  if (typeof first === 'number') return first;
  const inside: unknown = typeof first === 'object' && first !== null ? Reflect.get(first, 'n') : undefined;
  return typeof inside === 'number' ? inside : Number.NaN;
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
