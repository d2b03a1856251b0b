// What is to be done when the process ends, synchronously: one listener for all, and none when there is nothing to do.
const ends = new Set<() => void>();

/** @returns to be called when there is nothing to end any more */
export function atExit(end: () => void): () => void {
  if (ends.size === 0) process.on('exit', endAll);
  ends.add(end);
  return () => {
    if (ends.delete(end) && ends.size === 0) process.off('exit', endAll);
  };
}

function endAll(): void {
  for (const end of ends) end();
}
