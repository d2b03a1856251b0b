// The lines of a pool by numbers: one for each line, which is part of its keys, and one for each function.
import type { Line } from '../front/line.ts';
import { MOST_FUNCTIONS } from './trace-event.ts';

export interface NumberedLine {
  readonly number: number;
  readonly name: string;
  /** The number of its function; beyond {@link MOST_FUNCTIONS} all have one. */
  readonly owner: number;
}

export class LineNumbers {
  /** Weak, because the ledger strikes off names that are no functions. */
  readonly #lines = new WeakMap<Line, NumberedLine>();
  readonly #owners = new Map<string, number>();
  #next = 0;
  #last: Line | undefined;
  #lastNumbered: NumberedLine | undefined;

  of(line: Line): NumberedLine {
    if (line === this.#last && this.#lastNumbered !== undefined) return this.#lastNumbered;
    const numbered = this.#lines.get(line) ?? this.#add(line);
    this.#last = line;
    this.#lastNumbered = numbered;
    return numbered;
  }

  #add(line: Line): NumberedLine {
    const numbered = { number: this.#next++, name: line.name, owner: this.#ownerOf(line.name) };
    this.#lines.set(line, numbered);
    return numbered;
  }

  #ownerOf(name: string): number {
    const known = this.#owners.get(name);
    if (known !== undefined) return known;
    const owner = this.#owners.size;
    if (owner < MOST_FUNCTIONS) this.#owners.set(name, owner);
    return owner;
  }
}
