// Mistakes that could be made in this code, each with the tests that must catch it: npm run test:planted plants them one
// by one. A snippet is chosen short, and must stand in its file exactly once; bugs.test.ts says when the code has moved.
//
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the snippets are code
import { curves } from './curve-bugs.ts';
import { tuning } from './tuning-bugs.ts';

export interface Bug {
  /** What would be wrong. */
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** The test files of which one must fail. */
  readonly tests: readonly string[];
  /** A part of the name of the test, where the others of its file take long. */
  readonly only?: string;
}

const teams: readonly Bug[] = [
  {
    name: 'the last sleep of a leader is not counted as waiting',
    file: 'src/kernels/transform/leader.ts',
    find: 'return this.#now() - start; // with the last sleep',
    replace: 'return SPIN_MS;',
    tests: ['test/kernels/leader.test.ts'],
  },
  {
    name: 'a thread that was to help and never came is counted off',
    file: 'src/kernels/transform/board.ts',
    find: 'if (Atomics.exchange(this.#cells, CELL.seats + seat, 0) === 0) return false;',
    replace: 'Atomics.store(this.#cells, CELL.seats + seat, 0);',
    tests: ['test/kernels/board.test.ts'],
  },
  {
    name: 'two threads may claim the same piece',
    file: 'src/kernels/transform/board.ts',
    find: 'if (Atomics.compareExchange(cells, CELL.claim, seen, seen + 1) === seen) return next;',
    replace: 'Atomics.store(cells, CELL.claim, seen + 1); return next;',
    tests: ['test/kernels/board.test.ts'],
    only: 'a piece that another thread claims between the look and the claim',
  },
  {
    name: 'a helper that has left comes back by the slice that was still to come',
    file: 'src/compute/assistant.ts',
    find: 'if (this.#stint !== stint) return;',
    replace: 'if (this.#stint?.id !== stint.id) return;',
    tests: ['test/compute/assistant.test.ts'],
  },
  {
    name: 'what a leader lost is used again',
    file: 'src/kernels/transform/thread-engine.ts',
    find: '  if (opened?.leader?.isLost) releaseEngine();\n',
    replace: '',
    tests: ['test/big-numbers.test.ts'],
  },
];

const keys: readonly Bug[] = [
  {
    name: 'a text in a key has no length',
    file: 'src/values/key.ts',
    find: '`${tag}${text.length}:${text}`',
    replace: '`${tag}${text}`',
    tests: ['test/values/key.test.ts'],
  },
  {
    name: '-0 and 0 are two keys',
    file: 'src/values/key.ts',
    find: 'return `n${value};`;',
    replace: "return `n${Object.is(value, -0) ? '-0' : value};`;",
    tests: ['test/values/key.test.ts'],
  },
  {
    name: '1 and 1n are one key, typed or not',
    file: 'src/values/key.ts',
    find: 'return walk.typed ? `b${bigintText(value)};` : encodeUntypedBigint(value);',
    replace: 'return encodeUntypedBigint(value);',
    tests: ['test/values/key.test.ts'],
  },
  {
    name: 'an object met twice is keyed as two',
    file: 'src/values/key.ts',
    find: 'if (met) return',
    replace: 'if (met?.open) return',
    tests: ['test/values/key.test.ts'],
  },
];

const frontCache: readonly Bug[] = [
  {
    name: 'a hit in the front cache does not make recent',
    file: 'src/front/cache.ts',
    find: 'if (entry !== this.#byAge.last) {',
    replace: 'if (this.#bytes < 0) {',
    tests: ['test/front/cache.test.ts'],
  },
  {
    name: 'what leaves the front cache does not give its bytes back',
    file: 'src/front/cache.ts',
    find: '    this.#bytes -= bytes;',
    replace: '',
    tests: ['test/front/cache.test.ts'],
  },
  {
    name: 'the front cache keeps one entry too many',
    file: 'src/front/cache.ts',
    find: 'this.#byAge.size >= this.#maxsize',
    replace: 'this.#byAge.size > this.#maxsize',
    tests: ['test/front/cache.test.ts'],
  },
  {
    name: 'a result too large for maxBytes is counted, and kept',
    file: 'src/front/cache.ts',
    find: 'line.counters.oversize++;',
    replace: 'line.counters.oversize++; line.entries.set(key, new Entry(line, key, answer, bytes));',
    tests: ['test/front/cache.test.ts'],
  },
];

const harvest: readonly Bug[] = [
  {
    name: 'what a function shares drives out what callers asked for',
    file: 'src/front/cache.ts',
    find: 'this.#evict((this.#guestsExceed(1, bytes) ? this.#oldestGuest : undefined) ?? this.#byAge.first);',
    replace: 'this.#evict(this.#byAge.first);',
    tests: ['test/front/cache.test.ts'],
  },
  {
    name: 'a shared result that callers asked for is driven out as if none had',
    file: 'src/front/cache.ts',
    find: 'if (entry.mark !== undefined) this.#adopt(entry, entry.mark);',
    replace: '',
    tests: ['test/front/cache.test.ts'],
  },
  {
    name: 'what was shared before a clear comes back after it',
    file: 'src/dispatch/receive.ts',
    find: 'if (life.forgetting.length === 0) host',
    replace: 'host',
    tests: ['test/dispatch/threads.test.ts'],
    only: 'shared before the thread has forgotten',
  },
  {
    name: 'a worker shares what was begun before it was to forget',
    file: 'src/compute/share.ts',
    find: 'own.era !== era',
    replace: 'own.era < era',
    tests: ['test/compute/harvest.test.ts'],
  },
  {
    name: 'what a function makes of being stopped is shared',
    file: 'src/compute/share.ts',
    find: 'if (stop.isStopping || own',
    replace: 'if (own',
    tests: ['test/compute/harvest.test.ts'],
  },
  {
    name: 'shared results come after the answer',
    file: 'src/compute/serve.ts',
    find: 'if (!this.#spoiled) tellHarvest(this.#options);',
    replace: 'queueMicrotask(() => tellHarvest(this.#options));',
    tests: ['test/compute/serve.test.ts'],
    only: 'before the replies',
  },
  {
    name: 'arguments are shared as the function left them',
    file: 'src/compute/share.ts',
    find: 'own.add({ fn: memo, args: taken,',
    replace: 'own.add({ fn: memo, args: takeArguments(args) ?? [],',
    tests: ['test/compute/harvest.test.ts'],
  },
];

const recording: readonly Bug[] = [
  {
    name: 'a trace does not tell of a result that bounds keep out',
    file: 'src/front/cache.ts',
    find: `    if (this.observer !== undefined) this.#tellComplete(line, key, answer);
    if (this.#maxsize === 0) return;`,
    replace: `    if (this.#maxsize === 0) return;
    if (this.observer !== undefined) this.#tellComplete(line, key, answer);`,
    tests: ['test/front/observer.test.ts'],
  },
  {
    name: 'a result whose call was forgotten meanwhile stays in a trace',
    file: 'src/front/cache.ts',
    find: 'if (!line.entries.has(key)) this.observer.onDelete(line, key);',
    replace: '',
    tests: ['test/front/observer.test.ts'],
  },
  {
    name: 'keys of two functions have the same number in a trace',
    file: 'src/recording/hash-key.ts',
    find: '    this.#mix(line);\n',
    replace: '',
    tests: ['test/recording/hash-key.test.ts'],
  },
  {
    name: 'a text of odd length loses its last character in a trace',
    file: 'src/recording/hash-key.ts',
    find: '    if (length % 2 === 1) this.#mix(text.charCodeAt(length - 1));\n',
    replace: '',
    tests: ['test/recording/hash-key.test.ts'],
  },
  {
    name: 'what waits for a slow disk has no bound',
    file: 'src/recording/trace-file.ts',
    find: ' || this.#waiting.length >= MOST_PIECES',
    replace: '',
    tests: ['test/recording/trace.test.ts'],
    only: 'leaves out what comes faster',
  },
  {
    name: 'the end of a trace is not written when the process ends',
    file: 'src/recording/pool-recording.ts',
    find: 'atExit(() => parts.output?.writer.endNow())',
    replace: 'atExit(() => {})',
    tests: ['test/recording/recording.test.ts'],
    only: 'is whole when the process ends',
  },
  {
    name: 'a file of somebody else is written over by a trace',
    file: 'src/recording/trace-file.ts',
    find: "force ? 'w' : 'wx'",
    replace: "'w'",
    tests: ['test/recording/trace.test.ts'],
    only: 'is never one that exists',
  },
  {
    name: 'the live curve does not know of what was deleted',
    file: 'src/recording/event-recorder.ts',
    find: '    this.sampler.delete(hash);\n',
    replace: '',
    tests: ['test/recording/recording.test.ts'],
    only: 'is gone',
  },
];

const flights: readonly Bug[] = [
  {
    name: 'an error is cached',
    file: 'src/pool.ts',
    find: `#fail({ name, line, flight, origin }: Miss, failure: unknown): void {
    const error = withOrigin(failure, origin);`,
    replace: `#fail({ name, line, key, flight, origin }: Miss, failure: unknown): void {
    const error = withOrigin(failure, origin);
    const answer = { bytes: 8, computeMs: 0, read: () => { throw error; } };
    this.#front.put(line, key, answer as unknown as Answer);`,
    tests: ['test/pool.test.ts'],
    only: 'an error is not cached',
  },
  {
    name: 'a flight that failed stays where later calls find it',
    file: 'src/miss.ts',
    find: 'const told = this.#host.named(this, outcome);\n    this.land();',
    replace: 'const told = this.#host.named(this, outcome);\n    if (outcome.ok) this.land();',
    tests: ['test/pool.test.ts'],
    only: 'an error is not cached',
  },
  {
    name: 'a clear forgets the flights under way',
    file: 'src/forget.ts',
    find: 'for (const key of [...line.flights.keys()]) fence(line, key);',
    replace: '',
    tests: ['test/fence.test.ts'],
  },
  {
    name: 'what was started before a clear is kept after it',
    file: 'src/pool.ts',
    find: 'if (flight.kept && isWantedHere) this.#front.put(',
    replace: 'if (isWantedHere) this.#front.put(',
    tests: ['test/fence.test.ts'],
  },
  {
    name: 'a clear leaves the memos of the workers as they are',
    file: 'src/forget.ts',
    find: "await dispatcher.forget(['clear']);",
    replace: '',
    tests: ['test/pool.test.ts'],
    only: 'cacheClear forgets results',
  },
  {
    name: 'a call that joins a flight is not counted',
    file: 'src/pool.ts',
    find: 'counters.joins++;',
    replace: '',
    tests: ['test/pool.test.ts'],
    only: '1,000 concurrent calls of one key',
  },
  {
    name: 'one caller who leaves ends the computation of all',
    file: 'src/front/flight.ts',
    find: 'if (!this.isWantedHere && (this.#takers?.size ?? 0) === 0) this.#events.onAbandoned();',
    replace: 'this.#events.onAbandoned();',
    tests: ['test/front/flight.test.ts'],
  },
  {
    name: 'a time limit never runs',
    file: 'src/front/flight.ts',
    find: 'for (const caller of this.#callers ?? []) caller.startClock(graceMs);',
    replace: '',
    tests: ['test/front/flight.test.ts'],
  },
  {
    name: 'a caller who was answered still listens to its signal',
    file: 'src/front/caller.ts',
    find: 'offAbort(signal, this.#onAbort);',
    replace: 'return;',
    tests: ['test/front/flight.test.ts'],
  },
];

const functions: readonly Bug[] = [
  {
    name: 'what every object inherits is a function of the pool',
    file: 'src/compute/registry.ts',
    find: 'Object.hasOwn(loaders, name) ? loaders[name] : undefined',
    replace: 'loaders[name]',
    tests: ['test/compute/registry.test.ts'],
  },
  {
    name: 'a name that no module exports is itself imported',
    file: 'src/compute/registry.ts',
    find: "    if (typeof value !== 'function') throw notFound",
    replace: "    await import(name).catch(() => {});\n    if (typeof value !== 'function') throw notFound",
    tests: ['test/security/names.test.ts'],
  },
  {
    name: 'a data: URL is a module like any other',
    file: 'src/options.ts',
    find: "text.startsWith('file:') && URL.canParse(text)",
    replace: 'URL.canParse(text)',
    tests: ['test/options.test.ts'],
  },
  {
    name: 'arguments of any size are copied',
    file: 'src/run-options.ts',
    find: '!exceeds(args, maxArgumentBytes)',
    replace: '!Number.isNaN(args.length)',
    tests: ['test/argument-size.test.ts'],
  },
  {
    name: 'a promise that nothing is left to settle is waited for',
    file: 'src/compute/loop-watch.ts',
    find: '      onEmpty();',
    replace: '',
    tests: ['test/compute/loop-watch.test.ts'],
  },
  {
    name: 'a throw of null is a success',
    file: 'src/compute/evaluate.ts',
    find: '  const encoded = encodeError(nameSafely(error, { name, depth: takeUnfinished() }));',
    replace: `  if (error === null) return { ok: true, result: { kind: 'primitive', value: null }, computeMs };
  const encoded = encodeError(nameSafely(error, { name, depth: takeUnfinished() }));`,
    tests: ['test/compute/evaluate.test.ts'],
  },
  {
    name: 'an error loses the code that it inherits',
    file: 'src/wire-error.ts',
    find: "typeof code === 'string' || typeof code === 'number' ? code : undefined",
    replace: 'undefined',
    tests: ['test/wire-error.test.ts'],
  },
  {
    name: 'an error loses its code and all own data on the way',
    file: 'src/wire-error.ts',
    find: 'code : undefined,\n    own: ownData(thrown, below),',
    replace: 'undefined : undefined,\n    own: [],',
    tests: ['test/wire-error.test.ts'],
  },
  {
    name: "an error's own __proto__ becomes its prototype",
    file: 'src/wire-error.ts',
    find: '// Defined, not assigned: a key named __proto__ stays a key.',
    replace: "if (key === '__proto__') Reflect.set(error, key, revive(value));",
    tests: ['test/wire-error.test.ts'],
  },
  {
    name: 'all callers share one object',
    file: 'src/answer.ts',
    find: "return Answer.copied({ ...facts, result }, () => decode(bytes), share === 'freeze' ? undefined : value);",
    replace: 'return new Answer(facts.bytes, facts.computeMs, value);',
    tests: ['test/wire.test.ts'],
  },
  {
    name: 'a reader of chunks can change the digits that all callers share',
    file: 'src/values/digits-handle.ts',
    find: 'yield new Uint8Array(text.subarray(at, at + size));',
    replace: 'yield text.subarray(at, at + size) as Uint8Array<ArrayBuffer>;',
    tests: ['test/values/digits-handle.test.ts'],
  },
  {
    name: 'what was made in a part of a larger buffer changes hands with all of it',
    file: 'src/compute/made.ts',
    find: 'buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength',
    replace: 'buffer instanceof ArrayBuffer',
    tests: ['test/compute/made.test.ts'],
  },
  {
    name: 'a wrong digit passes --verify',
    file: 'src/cli/verify.ts',
    find: 'if (values[i] === residue) return { prime, residue };',
    replace: 'if (values[i] !== undefined) return { prime, residue };',
    tests: ['test/cli/verify.test.ts'],
  },
  {
    name: 'a file is put in its place before it is verified',
    file: 'src/cli/deliver.ts',
    find: '  const verified = claim === undefined',
    replace: '  await file?.commit();\n  const verified = claim === undefined',
    tests: ['test/cli/verify.test.ts'],
  },
  {
    name: 'a spreadsheet computes what stands in a report',
    file: 'src/tuning/csv.ts',
    find: "? `'${cell}` : cell",
    replace: '? cell : cell',
    tests: ['test/tuning/csv.test.ts'],
  },
  {
    name: 'Ctrl-C loses what tuning has measured',
    file: 'src/cli/tuning/session.ts',
    find: '  io.askForTime();',
    replace: '',
    tests: ['test/cli/tuning/signals.test.ts'],
  },
  {
    name: 'going on from a report forgets its seed',
    file: 'src/cli/commands/tune.ts',
    find: 'settings.seed ?? before?.seed ?? randomSeed()',
    replace: 'settings.seed ?? randomSeed()',
    tests: ['test/cli/tuning/tune.test.ts'],
  },
  {
    name: "all callers share one result in the form 'bytes'",
    file: 'src/answer.ts',
    find: '() => bytes.slice()',
    replace: '() => bytes',
    tests: ['test/wire.test.ts'],
  },
  {
    name: 'a falling edge does not enter a block of edit distances',
    file: 'workers/functions/parallel/edit-kernel.ts',
    find: 'const below = equal | less;',
    replace: 'const below = equal;',
    tests: ['test/workers/functions/parallel/edit-blocks.test.ts'],
  },
  {
    name: 'a word of common lengths keeps its carry',
    file: 'workers/functions/parallel/lcs-kernel.ts',
    find: '(same + matched + (across[j] ?? 0)) | 0',
    replace: '(same + matched) | 0',
    tests: ['test/workers/functions/parallel/lcs-blocks.test.ts'],
  },
  {
    name: 'partitions have a modulus too few',
    file: 'workers/functions/parallel/partition-residues.ts',
    find: 'Math.max(1, Math.ceil(',
    replace: 'Math.max(1, Math.floor(',
    tests: ['test/workers/functions/parallel/partition-parts.test.ts'],
  },
  {
    name: 'a power of primes is not squared for its higher bits',
    file: 'workers/functions/parallel/prime-product.ts',
    find: 'multiply(square(power), product.value())',
    replace: 'multiply(power, product.value())',
    tests: ['test/workers/functions/parallel/prime-parts.test.ts'],
  },
];

const bigNumbers: readonly Bug[] = [
  {
    name: 'a product is returned although its certificate fails',
    file: 'src/kernels/transform/product.ts',
    find: 'if (!isProduct(kernel, factors, range)) return undefined;',
    replace: 'isProduct(kernel, factors, range);',
    tests: ['test/kernels/multiply.test.ts'],
  },
  {
    name: 'a text is returned although its certificate fails',
    file: 'src/kernels/transform/decimal.ts',
    find: 'if (!isSame(found, residues)) return undefined;',
    replace: '',
    tests: ['test/kernels/decimal.test.ts'],
  },
  {
    name: 'the carry into a part of the digits is lost',
    file: 'src/kernels/transform/binary.ts',
    find: 'from === 0 ? 0 : carryInto(buffer, number, from)',
    replace: '0',
    tests: ['test/kernels/multiply.test.ts'],
  },
  {
    name: 'a part of the digits that is all zeros forgets what is lent below it',
    file: 'src/kernels/transform/binary.ts',
    find: 'return below;',
    replace: 'return 0;',
    tests: ['test/kernels/multiply.test.ts', 'test/kernels/decimal.test.ts'],
  },
  {
    name: 'what the product of a piece carries is lost',
    file: 'src/kernels/transform/product-pieces.ts',
    find: '(above[0] ?? 0) + carry',
    replace: '(above[0] ?? 0)',
    tests: ['test/kernels/product-pieces.test.ts'],
  },
  {
    name: 'the upper half of a pair of blocks is added to what it was',
    file: 'src/kernels/transform/convert.ts',
    find: 'clearHigh(engine, { at, size, pairs: here });',
    replace: '',
    tests: ['test/kernels/decimal.test.ts'],
  },
];

const dispatcher: readonly Bug[] = [
  {
    name: 'a thread that dies takes all its calls with it',
    file: 'src/dispatch/slot.ts',
    find: 'this.#host.onReturn(jobs.filter((job) => job !== lost));',
    replace: `for (const job of jobs) {
      this.#host.onAnswer(job, { ok: false, error: thread.deathOf(job.task.name), computeMs: 0 });
    }`,
    tests: ['test/faults/batches.test.ts'],
    only: 'takes none of its batch with it',
  },
  {
    name: 'a thread that dies loses the calls it had not begun',
    file: 'src/dispatch/slot.ts',
    find: 'this.#host.onReturn(jobs.filter((job) => job !== lost));',
    replace: '',
    tests: ['test/faults/batches.test.ts'],
    only: 'takes none of its batch with it',
  },
  {
    name: 'a call whose thread another call ended is not begun again',
    file: 'src/dispatch/life.ts',
    find: 'if (lateExit === undefined || current.wasRetried) return current;',
    replace: 'return current;',
    tests: ['test/faults/crashes.test.ts'],
    only: 'ends its thread begins again',
  },
  {
    name: 'a call waits for a warm memo however many go before it',
    file: 'src/dispatch/affinity.ts',
    find: 'job.passes >= MOST_PASSES || !this.#homes',
    replace: '!this.#homes',
    tests: ['test/dispatch/affinity.test.ts'],
    only: 'are passed over',
  },
  {
    name: 'calls wait for a warm memo for longer than a cold one costs',
    file: 'src/dispatch/home.ts',
    find: 'const isWorth = waitedMs <= coldMs;',
    replace: 'const isWorth = true;',
    tests: ['test/dispatch/homes.test.ts', 'test/dispatch/affinity.test.ts'],
  },
  {
    name: 'a memo is held to be warm in a thread that has ended',
    file: 'src/dispatch/homes.ts',
    find: 'house.isOver = true;',
    replace: '',
    tests: ['test/dispatch/homes.test.ts'],
  },
  {
    name: 'a function that ends every thread is never refused',
    file: 'src/dispatch/crashes.ts',
    find: 'crashes.times.length < MOST_CRASHES',
    replace: 'crashes.times.length < Infinity',
    tests: ['test/dispatch/crashes.test.ts'],
  },
  {
    name: 'what a function makes of being stopped is its result',
    file: 'src/compute/stop.ts',
    find: 'return thrown.length > 1 ||',
    replace: 'return thrown.length > 9 &&',
    tests: ['test/faults/cancellation.test.ts'],
    only: 'makes a result of what should stop it',
  },
  {
    name: 'a call that was cancelled in the queue is computed',
    file: 'src/dispatch/threads.ts',
    find: 'if (!this.#queue.remove(job)) job',
    replace: 'job',
    tests: ['test/pool.test.ts'],
    only: 'a call that leaves the queue',
  },
  {
    name: 'a call that was sent cannot be taken back',
    file: 'src/control.ts',
    find: 'return Atomics.compareExchange(this.#calls, seq & (MOST_SENT - 1), SENT, REVOKED) === SENT;',
    replace: 'return false;',
    tests: ['test/control.test.ts'],
  },
  {
    name: 'the queue holds one call too many',
    file: 'src/dispatch/room.ts',
    find: 'this.#outer >= queueSize',
    replace: 'this.#outer > queueSize',
    tests: ['test/pool.test.ts'],
    only: 'the queue is bounded',
  },
  {
    name: 'an error left behind falls on the call that runs now',
    file: 'src/compute/serve.ts',
    find: 'culprit !== undefined && !culprit.isOver) culprit.fail(error);',
    replace: 'culprit !== undefined) (this.#lane.running ?? culprit).fail(error);',
    tests: ['test/compute/serve.test.ts'],
  },
  {
    name: 'a close does not wait for what is under way',
    file: 'src/pool.ts',
    find: 'await this.#dispatcher.drained();',
    replace: '',
    tests: ['test/pool.test.ts'],
    only: 'close waits for',
  },
];

const memo: readonly Bug[] = [
  {
    name: 'a memo keeps what was begun before its clear',
    file: 'src/compute/memo.ts',
    find: 'moveOn();\n      table.clear();',
    replace: 'table.clear();',
    tests: ['test/compute/memoize.test.ts'],
  },
  {
    name: 'a memo keeps what was begun before its call was deleted',
    file: 'src/compute/memo.ts',
    find: 'moveOn();\n      return table.delete',
    replace: 'return table.delete',
    tests: ['test/compute/memoize.test.ts'],
  },
  {
    name: 'a memo keeps a promise that rejects',
    file: 'src/compute/memo.ts',
    find: 'if (table.peek(key) === promise) table.delete(key);',
    replace: '',
    tests: ['test/compute/memoize.test.ts'],
  },
  {
    name: 'a hit in a memo does not make recent',
    file: 'src/compute/lru-slots.ts',
    find: 'if (slot !== newest) {',
    replace: 'if (slot < 0) {',
    tests: ['test/compute/lru-cache.test.ts', 'test/compute/lru.test.ts'],
  },
];

const trials: readonly Bug[] = [
  {
    name: 'a memo under trial answers where the first stop was caught',
    file: 'src/compute/trial-tables.ts',
    find: 'if (this.#isOver) throw new StopError();\n        if (!isHit) this.#computations++;',
    replace:
      'if (this.#isOver && this.#computations++ === this.#count.most) throw new StopError();\n        if (!isHit) this.#computations++;',
    tests: ['test/compute/trial-tables.test.ts'],
  },
  {
    name: 'while one memo is tried the others have no table without a bound',
    file: 'src/compute/trial-tables.ts',
    find: 'if (place !== this.#count.place) return new Everything();',
    replace: 'if (place !== this.#count.place) return undefined;',
    tests: ['test/compute/trial-tables.test.ts'],
    only: 'a memo at another place',
  },
  {
    name: 'reuse distances are recorded where a computation begins',
    file: 'src/compute/trial-tables.ts',
    find: 'recorded.computations++;\n        }',
    replace: 'recorded.computations++;\n          distances.use(key);\n        }',
    tests: ['test/compute/trial-tables.test.ts'],
  },
  {
    name: 'memos that were not asked have numbers in the names of the others',
    file: 'src/compute/memo-trial.ts',
    find: '.filter(([, { computations }]) => computations > 0)',
    replace: '',
    tests: ['test/tuning/memo-trial.test.ts'],
    only: 'count together',
  },
];

const simulated: readonly Bug[] = [
  {
    name: 'a death loses the calls that were not begun',
    file: 'src/dispatch/slot.ts',
    find: 'this.#host.onReturn(jobs.filter((job) => job !== lost));',
    replace: '',
    tests: ['test/simulation/simulation.test.ts'],
    only: 'part 1 of',
  },
  {
    name: 'a call that was taken back is computed all the same',
    file: 'src/control.ts',
    find: 'if (was === SENT) return true;',
    replace: 'return true;',
    tests: ['test/simulation/simulation.test.ts'],
    only: 'part 1 of',
  },
  {
    name: 'the pool is drained while threads compute',
    file: 'src/dispatch/threads.ts',
    find: 'this.#queue.size === 0 && this.#slots.sent === 0 && this.#slots.open === 0;',
    replace: 'this.#queue.size === 0;',
    tests: ['test/simulation/simulation.test.ts'],
    only: 'part 1 of',
  },
];

const lists: readonly Bug[] = [
  {
    name: 'a map computes again what came before in its list',
    file: 'src/pool.ts',
    find: ' ??\n      options.list?.repeated();',
    replace: ';',
    tests: ['test/map.test.ts'],
    only: 'computed once',
  },
  {
    name: 'items of a list share an object',
    file: 'src/map/repeats.ts',
    find: 'return decode(serialize(value));',
    replace: 'void [serialize, decode]; return value;',
    tests: ['test/map.test.ts'],
    only: 'an object of its own',
  },
  {
    name: 'a map does not cancel the rest',
    file: 'src/map/list-calls.ts',
    find: 'if (this.#underWay.size > 0) this.#leaver.abort();',
    replace: '',
    tests: ['test/map.test.ts'],
    only: 'cancels',
  },
  {
    name: 'a map reads on however full the queue is',
    file: 'src/map/list-calls.ts',
    find: 'if (step.done || this.#host.room.hasRoom) this.#take(step);',
    replace: 'if (step.done || !step.done) this.#take(step);',
    tests: ['test/map.test.ts'],
    only: 'queue',
  },
  {
    name: 'a stream reads on while its results wait',
    file: 'src/map/list-calls.ts',
    find: 'this.#underWay.size + this.#held >=',
    replace: 'this.#underWay.size >=',
    tests: ['test/map.test.ts'],
    only: 'no more than the window',
  },
  {
    name: 'a map that is done stays with the signal',
    file: 'src/map/list-calls.ts',
    find: 'offAbort(this.#options.signal, this.#onAbort);',
    replace: 'void offAbort;',
    tests: ['test/map.test.ts'],
    only: 'leaves nothing with the signal',
  },
  {
    name: 'a stream that waits does not hear of the end of its reader',
    file: 'src/map/stream.ts',
    find: 'return stoppable(deliver(calls, tray, settles), stop);',
    replace: 'void [stoppable, stop]; return deliver(calls, tray, settles);',
    tests: ['test/map-stops.test.ts'],
    only: 'while a result is due',
  },
  {
    name: 'a stream hands out what is ready, whatever the order',
    file: 'src/map/stream.ts',
    find: 'unordered ? new ByCompletion()',
    replace: 'unordered || !unordered ? new ByCompletion()',
    tests: ['test/map.test.ts'],
    only: 'plain loop',
  },
];

const nesting: readonly Bug[] = [
  {
    name: 'what ended its thread is made again by a call that waited there',
    file: 'src/sub-calls.ts',
    find: 'if (isDeath(error) && beginsAgain()) nest.noteDeath({ line, key, error });',
    replace: '',
    tests: ['test/nesting.test.ts'],
    only: 'a part that exits ends one thread',
  },
  {
    name: 'the parts of a call that nobody wants go on',
    file: 'src/sub-calls.ts',
    find: 'link.child.leaveFrom(link);',
    replace: '',
    tests: ['test/nesting.test.ts'],
    only: 'an aborted call stops its parts',
  },
  {
    name: 'a call is divided into itself',
    file: 'src/compute/parallel.ts',
    find: 'if (pieces.some((piece) => isSame(piece, args))) return inOneGo(args, call);',
    replace: '',
    tests: ['test/compute/parallel.test.ts'],
    only: 'a piece of itself',
  },
  {
    name: 'results are put together in any order',
    file: 'src/compute/parallel.ts',
    find: 'return combine(left, right);',
    replace: 'return combine(right, left);',
    tests: ['test/compute/parallel.test.ts'],
    only: 'four parts for each',
  },
  {
    name: 'a call may wait for its own result',
    file: 'src/sub-calls.ts',
    find: 'if (circle !== undefined) throw cycleError(circle);',
    replace: 'void [circle, cycleError];',
    tests: ['test/simulation/simulation.test.ts'],
    only: 'part 1 of',
  },
  {
    name: 'what an ended call waited for goes on for nobody',
    file: 'src/sub-calls.ts',
    find: 'link.child.leaveFrom(link);',
    replace: '',
    tests: ['test/simulation/simulation.test.ts'],
    only: 'part 1 of',
  },
  {
    name: 'calls that wait are lost with their thread',
    file: 'src/dispatch/slot.ts',
    find: 'return [...jobs, ...sent.all()];',
    replace: 'return sent.all();',
    tests: ['test/simulation/simulation.test.ts'],
    only: 'part 1 of',
  },
  {
    name: 'calls of calls are refused when the queue is full',
    file: 'src/dispatch/room.ts',
    find: 'if (!isNested && this.#outer >= queueSize + maxWorkers)',
    replace: 'if (this.#outer + this.#nested >= queueSize + maxWorkers)',
    tests: ['test/simulation/simulation.test.ts'],
    only: 'part 1 of',
  },
  {
    name: 'an idle thread ends although calls wait on it',
    file: 'src/dispatch/threads.ts',
    find: '!slot.isFree || slot.openCount > 0 ||',
    replace: '!slot.isFree ||',
    tests: ['test/dispatch/open-jobs.test.ts'],
  },
  {
    name: 'a refused circle counts as a join',
    file: 'src/sub-calls.ts',
    find: '      const circle = this.#graph.connect',
    replace: '      counters.joins++;\n      const circle = this.#graph.connect',
    tests: ['test/simulation/simulation.test.ts'],
    only: 'part 1 of',
  },
  {
    name: 'a call that spoils its thread while others go on is not told of',
    file: 'src/compute/open-calls.ts',
    find: 'if (isSpoiled || !this.#isResuming) this.flush();',
    replace: 'if (!this.#isResuming) this.flush();',
    tests: ['test/compute/open-calls.test.ts'],
  },
  {
    name: 'one withdrawn before it was heard that it waits is not watched',
    file: 'src/dispatch/receive.ts',
    find: 'else life.openPort.withdrawLate(seq, stopping?.seq === seq ? stopping.name : undefined);',
    replace: "else life.thread.post(['cancel', seq]);",
    tests: ['test/dispatch/open-jobs.test.ts'],
  },
  {
    name: 'calls are given up while an answer is on its way to one of them',
    file: 'src/dispatch/open-jobs.ts',
    find: 'if (isFirst) this.noteTold();',
    replace: '',
    tests: ['test/nesting.test.ts'],
    only: 'several calls await',
  },
  {
    name: 'the last call that might help begins to wait, and nobody looks',
    file: 'src/pool.ts',
    find: 'onOpen: () => this.#stalls.check(),',
    replace: 'onOpen: () => {},',
    tests: ['test/dispatch/open-jobs.test.ts'],
  },
];

const kernels: readonly Bug[] = [
  {
    name: 'a piece of a number lends nothing to the pieces below',
    file: 'src/kernels/transform/tasks-out.ts',
    find: 'borrow: (below[at] ?? 0) < 0 ? 1 : 0 };',
    replace: 'borrow: 0 };',
    tests: ['test/kernels/tasks-out.test.ts'],
  },
  {
    name: 'a piece of a number lends by the sign of one digit, also when it is zero',
    file: 'src/kernels/transform/tasks-out.ts',
    find: 'while (at > 0 && below[at] === 0) at -= 1;',
    replace: '',
    tests: ['test/kernels/tasks-out.test.ts'],
  },
  {
    name: 'a number is handed over without its certificate',
    file: 'src/kernels/output.ts',
    find: 'return primes.every((p, i) => sum[i] === expected(p));',
    replace: 'return primes.every((p) => expected(p) < p);',
    tests: ['test/kernels/numbers.test.ts'],
  },
  {
    name: 'a wrong number is made again with the same digits',
    file: 'src/kernels/numbers.ts',
    find: 'const plan = planOf(request, attempts);',
    replace: 'const plan = planOf(request, 0);',
    tests: ['test/kernels/numbers.test.ts'],
  },
];

const report: readonly Bug[] = [
  {
    name: 'a name may end the script that the data of a report stands in',
    file: 'src/tuning/report.ts',
    find: "json.replaceAll('<',",
    replace: "json.replaceAll('{<',",
    tests: ['test/tuning/report.test.ts'],
  },
  {
    name: 'a report allows any script',
    file: 'src/tuning/report.ts',
    find: "script-src 'sha256-${hash}';",
    replace: "script-src 'unsafe-inline';",
    tests: ['test/tuning/report.test.ts'],
  },
  {
    name: 'the places of a curve in a report are not added up',
    file: 'src/tuning/page/data.ts',
    find: 'return sums(at).map(',
    replace: 'return at.map(',
    tests: ['test/tuning/report.test.ts'],
  },
];

export const bugs: readonly Bug[] = [
  ...report,
  ...teams,
  ...keys,
  ...frontCache,
  ...harvest,
  ...recording,
  ...flights,
  ...functions,
  ...bigNumbers,
  ...dispatcher,
  ...memo,
  ...trials,
  ...simulated,
  ...lists,
  ...nesting,
  ...kernels,
  ...curves,
  ...tuning,
];
