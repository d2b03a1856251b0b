// Linear least squares, small: the parameters p that make the sum of (row · p - target)² least.

/**
 * Undefined when the rows do not determine the parameters. By Gram and Schmidt's orthogonal columns, twice over, which
 * keeps the digits that the normal equations would square away.
 */
export function leastSquares(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
): number[] | undefined {
  const width = rows[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, k) => rows.map((row) => row[k] ?? 0));
  const units: number[][] = [];
  // Upper triangle: columns = units · triangle.
  const triangle: number[][] = [];
  for (const column of columns) {
    const before = norm(column);
    const shares = units.map(() => 0);
    let rest = column;
    for (let pass = 0; pass < 2; pass++) {
      for (const [k, unit] of units.entries()) {
        const share = product(rest, unit);
        shares[k] = (shares[k] ?? 0) + share;
        rest = rest.map((x, i) => x - share * (unit[i] ?? 0));
      }
    }
    const length = norm(rest);
    if (!(length > DEPENDENT * before)) return undefined;
    units.push(rest.map((x) => x / length));
    triangle.push([...shares, length]);
  }
  const parameters = units.map((unit) => product(targets, unit));
  for (let k = width - 1; k >= 0; k--) {
    const [own, ...others] = [...(triangle[k] ?? [])].reverse();
    parameters[k] = (parameters[k] ?? 0) / (own ?? 1);
    for (const [i, share] of others.reverse().entries()) {
      parameters[i] = (parameters[i] ?? 0) - share * (parameters[k] ?? 0);
    }
  }
  return parameters;
}

// A column of which less than this is its own is a sum of the others.
const DEPENDENT = 1e-12;

function product(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, x, i) => sum + x * (right[i] ?? 0), 0);
}

function norm(column: readonly number[]): number {
  return Math.sqrt(product(column, column));
}
