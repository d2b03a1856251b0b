// Sampled miss-ratio curves as large as they are in use: 8,192 keys of 50,000, and 500,000 references.
import { expect, test } from 'vitest';
import { meanError } from '../curves/mean-error.ts';

const SALTS = [0, 1e9, 2e9, 3e9, 4e9];

test.each(['zipf:1', 'zipf:0.7', 'uniform', 'loop', 'scan', 'mixed', 'phase'])(
  '%s is within 0.003 of the exact curve on average, over the sizes and five samples',
  (name) => {
    const keys = name === 'scan' ? 500_000 : 50_000;
    const errors = SALTS.map((salt) =>
      meanError(`${name},keys=${keys},length=500000`, { mostKeys: 8192, mostSize: 50_000, salt }),
    );
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    expect(mean).toBeLessThan(0.003);
    for (const error of errors) expect(error).toBeLessThan(0.006);
  },
);
