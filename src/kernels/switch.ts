/** Whether `MEMOPOOL_WASM=off` in the environment leaves all big numbers to V8's own BigInt. */
export const isSwitchedOff: boolean = process.env['MEMOPOOL_WASM'] === 'off';
