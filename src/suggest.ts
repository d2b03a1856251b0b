// "Did you mean": the known name nearest to a mistyped one.

/** A sentence that lists what there is, led by the nearest name when one is near: for the end of an error message. */
export function suggest(name: string, known: readonly string[]): string {
  const list = known.length > 0 ? `There are: ${known.join(', ')}.` : 'There are none.';
  const nearest = nearestName(name.slice(0, 64), known);
  return nearest === undefined ? list : `Did you mean '${nearest}'? ${list}`;
}

function nearestName(name: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1; // further away is another word, not a slip
  for (const candidate of known) {
    const distance = slips(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

// Levenshtein's distance by rows.
function slips(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const changed = (above[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(changed, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[to.length] ?? 0;
}
