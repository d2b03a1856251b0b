// Which computation waits for which: a circle is found when it would be closed, and never otherwise.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WaitGraph, type WaitNode } from '../../src/nesting/wait-graph.ts';

const NODES = 12;

type Step =
  | { readonly kind: 'connect'; readonly from: number; readonly to: number }
  | { readonly kind: 'remove'; readonly node: number };

const node = fc.nat({ max: NODES - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('connect' as const), from: node, to: node }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), node }) },
);

/** The slow obvious one: looks everywhere. */
function reaches(edges: ReadonlySet<string>, from: number, to: number, seen = new Set<number>()): boolean {
  if (from === to) return true;
  seen.add(from);
  return Array.from({ length: NODES }, (_, next) => next).some(
    (next) => edges.has(`${from} ${next}`) && !seen.has(next) && reaches(edges, next, to, seen),
  );
}

describe('the graph of waiting', () => {
  test('refuses exactly what would close a circle, and shows a circle that there is', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const graph = new WaitGraph<number>();
        const nodes: WaitNode<number>[] = Array.from({ length: NODES }, (_, i) => graph.add(i));
        const edges = new Set<string>();
        for (const one of steps) {
          if (one.kind === 'remove') {
            graph.remove(nodes[one.node] as WaitNode<number>);
            for (const edge of edges) if (edge.split(' ').includes(String(one.node))) edges.delete(edge);
            continue;
          }
          const { from, to } = one;
          const circle = graph.connect(nodes[from] as WaitNode<number>, nodes[to] as WaitNode<number>);
          expect(circle !== undefined).toBe(reaches(edges, to, from));
          if (circle === undefined) {
            edges.add(`${from} ${to}`);
            continue;
          }
          expect([circle[0], circle.at(-1)]).toEqual([from, from]);
          const links = circle.slice(1).map((next, i) => `${circle[i]} ${next}`);
          expect(links.filter((link) => !edges.has(link))).toEqual([`${from} ${to}`]);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a diamond is no circle', () => {
    const graph = new WaitGraph<string>();
    const [top, left, right, bottom] = ['top', 'left', 'right', 'bottom'].map((name) => graph.add(name)) as [
      WaitNode<string>,
      WaitNode<string>,
      WaitNode<string>,
      WaitNode<string>,
    ];
    expect(graph.connect(top, left)).toBeUndefined();
    expect(graph.connect(top, right)).toBeUndefined();
    expect(graph.connect(left, bottom)).toBeUndefined();
    expect(graph.connect(right, bottom)).toBeUndefined();
    expect(graph.connect(bottom, top)).toHaveLength(4);
  });
});
