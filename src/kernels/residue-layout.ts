// What the functions that reduce numbers and who calls them agree on.

/** Digits in a block: a table holds the powers of the base below this one. */
export const BLOCK_DIGITS = 256;

/** Characters that become digits at once, the digits that are made of them, and their base. */
export const TEXT_STEP = 32;
export const DIGITS_IN_STEP = 4;
export const TEXT_BASE = 100_000_000;
