// Rows whose subject is not there yet, and what no row can promise.
import type { Exception, LaterRow } from '../row.ts';

export const laterRows: readonly LaterRow[] = [
  {
    fault: 'the disk of the store is full, unreadable, missing or read-only',
    promise: 'the result is returned; one warning; memory goes on',
    comesWith: 'the store',
  },
  {
    fault:
      'a record of the store has a flipped bit, is cut short or empty, or its writer was ended between write and rename',
    promise: 'a miss, counted as corrupt; never a wrong value',
    comesWith: 'the store',
  },
  {
    fault: 'a record of the store is of another version of function, library or format',
    promise: 'a miss',
    comesWith: 'the store',
  },
  {
    fault: 'two processes use one store at once',
    promise: 'both right',
    comesWith: 'the store',
  },
  {
    fault: 'a record of the store has an own property `__proto__`',
    promise: 'nothing is polluted',
    comesWith: 'the store',
  },
  {
    fault: 'the backend is unreachable, slow, or answers garbage',
    promise: 'local computation goes on; one warning; tried again later',
    comesWith: 'the backend',
  },
];

export const exceptions: readonly Exception[] = [
  {
    fault: 'a native crash, `process.kill` or `process.abort` in a function',
    instead: 'threads share the process, which ends',
  },
  {
    fault:
      'memory outside the JavaScript heap; some ways of filling a heap faster than its limit is looked at',
    instead:
      '`workerMemoryMb` bounds the heap in the ordinary case (row `heap`), and is no safety boundary: [SECURITY.md](../SECURITY.md)',
  },
  {
    fault: 'a thread inside one long call of the engine or the system, such as `JSON.parse` of 100 MB',
    instead:
      'its caller is answered in time; the thread ends when that call returns, and another takes its place',
  },
  {
    fault: 'a module that loops for ever when it is imported, on a call with a `timeoutMs`',
    instead:
      'the start of a thread and imports have 15 s of their own before the timeout begins; a signal, `deadlineMs` and `close({ timeoutMs })` end it in time (row `module-endless`)',
  },
  {
    fault:
      'a function computed on the main thread (`inlineMs`) that does not end, exits, or leaves an error behind',
    instead: 'it falls on the process, as the option says; without the option no function runs there',
  },
];
