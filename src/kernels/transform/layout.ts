// How numbers lie in the memory of the kernels; shared by the generator of the module and by who calls it.

/** Complex numbers in a row. A row is transformed as a whole within the nearest cache. */
export const COLUMNS = 1024;

/** Two complex numbers: both real parts, then both imaginary parts. */
export const PAIR_BYTES = 32;

/** One complex number. */
export const COMPLEX_BYTES = 16;

/** The numbers of a row. */
export const ROW_BYTES: number = COLUMNS * COMPLEX_BYTES;

/**
 * From one row to the next. One cache line more than the row has: at a power of two, the same column of every row would
 * fall in the same few places of each cache.
 */
export const PITCH: number = ROW_BYTES + 64;

/** Levels of radix 4 in a row: 4^5 columns. */
export const ROW_LEVELS = 5;

/** The roots R_j that all rows share, see assembly/rows.ts. */
export const BLOCK_ROOTS: number = COLUMNS / 4;

/** What the carry of a row keeps from one strip to the next: three vectors for each of its two halves. */
export const HELD_BYTES = 96;

/** A digit in memory. */
export const DIGIT_BYTES = 4;

/** Added and taken away again, it rounds a double below 2^51; what is added last is in its low bits. */
export const ROUNDING: number = 1.5 * 2 ** 52;
