import { describe, expect, it } from 'vitest';
import { Estimate } from '../../src/cli/estimate.ts';

const PHASES = ['load', 'compute', 'convert', 'write'];

function begun(shares: Readonly<Record<string, number>>): Estimate {
  const estimate = new Estimate(PHASES, shares);
  estimate.enter('load', 0);
  estimate.enter('compute', 100);
  return estimate;
}

describe('how long the whole will still take', () => {
  it('is not told before a second of a phase has shown how fast it goes', () => {
    const estimate = begun({ compute: 1 });
    expect(estimate.leftMs(100)).toBeUndefined();
    estimate.advance(0.5, 1000);
    expect(estimate.leftMs(1000)).toBeUndefined();
    estimate.advance(0.6, 1600);
    expect(estimate.leftMs(1600)).toBeCloseTo(1000);
  });

  it('is of the phases to come too, by their shares', () => {
    const estimate = begun({ compute: 1, convert: 8, write: 1 });
    estimate.advance(0.5, 2100); // 4 s of computing, so 36 s of the rest
    expect(estimate.leftMs(2100)).toBeCloseTo(2000 + 36_000);
    estimate.enter('convert', 4100);
    expect(estimate.leftMs(4100)).toBeCloseTo(36_000);
    estimate.enter('write', 36_100);
    expect(estimate.leftMs(36_100)).toBeCloseTo(4000);
  });

  it('counts down where nothing is told of the phase, and is not told when it takes longer', () => {
    const estimate = begun({ compute: 1, convert: 2 });
    estimate.enter('convert', 2100);
    expect(estimate.leftMs(2100)).toBeCloseTo(4000);
    expect(estimate.leftMs(5100)).toBeCloseTo(1000);
    expect(estimate.leftMs(6200)).toBeUndefined();
  });

  it('does not wait for a phase that is passed over', () => {
    const estimate = begun({ compute: 1, convert: 8, write: 1 });
    estimate.enter('write', 10_100);
    expect(estimate.leftMs(10_100)).toBeCloseTo(10_000);
  });

  it('does not rise while nothing new is told', () => {
    const estimate = begun({ compute: 1 });
    estimate.advance(0.25, 2100);
    for (let now = 2100; now <= 6100; now += 50) {
      estimate.advance(0.25, now);
      expect(estimate.leftMs(now)).toBeCloseTo(6000 - (now - 2100));
    }
  });

  it('is moved gently by reports that come often', () => {
    const estimate = begun({ compute: 1 });
    estimate.advance(0.5, 2100);
    expect(estimate.leftMs(2100)).toBeCloseTo(2000);
    estimate.advance(0.501, 2150); // by itself it would say 2042
    expect(estimate.leftMs(2150)).toBeGreaterThan(1945);
    expect(estimate.leftMs(2150)).toBeLessThan(1960);
  });

  it('is right from the first word to the last where the phases take what was expected', () => {
    const estimate = begun({ compute: 1, convert: 3, write: 0.5 });
    const end = 100 + 4500;
    for (let now = 150; now < 1100; now += 50) estimate.advance((now - 100) / 1000, now);
    expect(estimate.leftMs(1090)).toBeUndefined();
    estimate.enter('convert', 1100);
    estimate.enter('write', 4100);
    for (let now = 4100; now < end; now += 50) {
      estimate.advance((now - 4100) / 500, now);
      expect(estimate.leftMs(now)).toBeCloseTo(end - now);
    }
  });

  it('is nothing that is known, of phases without a share', () => {
    const estimate = begun({});
    estimate.enter('convert', 3000);
    expect(estimate.leftMs(3000)).toBeUndefined();
  });
});
