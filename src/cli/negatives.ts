// Negative numbers among the arguments. commander takes -7 for an operand, but -10_000, -2^20 and -7n for options.
// None of our options begins with a digit, so these are marked before it looks, with the one character that no
// argument of a process can hold.
const MARK = '\0';

/** Marks negative numbers, so that commander takes none for an option; {@link unmark} gives them back. */
export function markNegatives(args: readonly string[]): string[] {
  return args.map((arg) => (/^-\.?\d/.test(arg) ? MARK + arg : arg));
}

export function unmark(text: string): string {
  return text.replaceAll(MARK, '');
}
