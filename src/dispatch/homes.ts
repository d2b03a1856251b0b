// Where the workers' memos are warm: for each neighbourhood of calls the threads that have computed it lately, its homes;
// and what it costs to compute one elsewhere.
//
// A neighbourhood is a function and what its memo is likely to share between calls: of one argument its size, by powers of
// two, since a recursion comes through all that is smaller; of several the first, which names what the others ask about.
// Only functions that workers have told memo counters of have homes.
import { sizeClass } from '../values/size-class.ts';
import { Cost } from './cost.ts';
import type { Task } from './dispatcher.ts';
import { Home, type House, type Visit } from './home.ts';
import type { Slot } from './slot.ts';

// Functions that have memos are exports of a module; the names of further ones have no homes.
const MOST_FUNCTIONS = 256;
// First arguments of one function; the earliest is forgotten for a new one.
const MOST_FIRST_ARGUMENTS = 1024;
// A longer text is told apart by its length only.
const LONGEST_TEXT = 64;

type Call = Pick<Task, 'name' | 'args'>;

export class Homes {
  readonly #functions = new Map<string, FunctionHomes>();
  readonly #houses = new Map<Slot, House>();

  /** No function is known to have a memo. */
  get isEmpty(): boolean {
    return this.#functions.size === 0;
  }

  /** The slot's thread has a memo of this function, after a first call that took so long. */
  learn(name: string, slot: Slot, ms: number): void {
    if (this.#functions.has(name) || this.#functions.size >= MOST_FUNCTIONS) return;
    this.#functions.set(name, new FunctionHomes(new Home({ house: this.#houseOf(slot) }), ms));
  }

  /** The slot's thread has ended, and its memos with it. */
  forget(slot: Slot): void {
    const house = this.#houses.get(slot);
    if (house === undefined) return;
    house.isOver = true; // who looks it up finds it empty
    this.#houses.delete(slot);
  }

  hasMemo(name: string): boolean {
    return this.#functions.has(name);
  }

  /** The home of a call's neighbourhood, or of the nearest one; undefined when its memo is not known to be warm anywhere. */
  of({ name, args }: Call): Home | undefined {
    return this.#functions.get(name)?.find(args);
  }

  /** What a call of this function costs more, in milliseconds, where its memo is cold; 0 when not known. */
  coldMs(name: string): number {
    return this.#functions.get(name)?.coldMs ?? 0;
  }

  /** How many neighbourhoods were last computed there. */
  countAt(slot: Slot): number {
    return this.#houses.get(slot)?.homes ?? 0;
  }

  /** A message with this call goes to a slot; gives what its time is to be learnt by. */
  settle({ name, args }: Call, visit: Visit): Cost | undefined {
    return this.#functions.get(name)?.settle(args, { house: this.#houseOf(visit.slot), visit });
  }

  #houseOf(slot: Slot): House {
    const known = this.#houses.get(slot);
    if (known !== undefined) return known;
    const house = { slot, homes: 0, isOver: false };
    this.#houses.set(slot, house);
    return house;
  }
}

/** The homes of one function's neighbourhoods. */
class FunctionHomes {
  readonly #warm = new Cost();
  readonly #cold = new Cost();
  /** Where the function was found to have a memo: the calls before are of neighbourhoods that nobody noted. */
  readonly #origin: Home;
  readonly #bySize: (Home | undefined)[] = [];
  readonly #byFirst = new Map<unknown, Home>();

  constructor(origin: Home, ms: number) {
    this.#origin = origin;
    this.#cold.learn(ms);
  }

  get coldMs(): number {
    return Math.max(0, (this.#cold.ms ?? 0) - (this.#warm.ms ?? 0));
  }

  find(args: Task['args']): Home | undefined {
    const first = firstOf(args);
    const known = first === undefined ? this.#nearest(sizeClass(args)) : this.#byFirst.get(first);
    if (known !== undefined) return known.isOver ? undefined : known;
    return this.#byFirst.size > 0 || this.#origin.isOver ? undefined : this.#origin;
  }

  settle(args: Task['args'], { house, visit }: { readonly house: House; readonly visit: Visit }): Cost {
    const first = firstOf(args);
    const size = first === undefined ? sizeClass(args) : 0;
    const known = first === undefined ? this.#bySize[size] : this.#byFirst.get(first);
    if (known !== undefined) return known.enter(house, visit) ? this.#warm : this.#cold;
    const isWarm = this.find(args)?.has(house.slot) === true;
    const home = new Home({ house, visit });
    if (first === undefined) this.#bySize[size] = home;
    else this.#addFirst(first, home);
    return isWarm ? this.#warm : this.#cold;
  }

  // What is computed for one size serves those about it.
  #nearest(size: number): Home | undefined {
    for (let distance = 0; distance <= Math.max(size, this.#bySize.length - size); distance++) {
      const home = this.#bySize[size - distance] ?? this.#bySize[size + distance];
      if (home !== undefined && !home.isOver) return home;
    }
    return undefined;
  }

  #addFirst(first: unknown, home: Home): void {
    if (this.#byFirst.size >= MOST_FIRST_ARGUMENTS) {
      for (const [earliest, left] of this.#byFirst) {
        left.leave();
        this.#byFirst.delete(earliest);
        break;
      }
    }
    this.#byFirst.set(first, home);
  }
}

/** The first of several arguments, if it is a small primitive. */
function firstOf(args: Task['args']): unknown {
  if (args instanceof Uint8Array || args.length < 2) return undefined;
  const [first] = args;
  switch (typeof first) {
    case 'number':
    case 'boolean':
      return first;
    case 'string':
      return first.length <= LONGEST_TEXT ? first : undefined;
    case 'bigint': // a Map hashes no more of it
      return BigInt.asIntN(64, first) === first ? first : undefined;
    default:
      return undefined;
  }
}
