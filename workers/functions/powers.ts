// Equal powers of neighbouring numbers, for the sums over j^n of Bell and Stirling numbers.

/** [0^n, 1^n, ..., limit^n] for n from 1: a power for each prime, and one product for each composite number. */
export function powersUpTo(limit: number, n: number): readonly bigint[] {
  const exponent = BigInt(n);
  const divisors = smallestPrimeDivisors(limit);
  const powers = [0n, 1n];
  for (let j = 2; j <= limit; j++) {
    const prime = divisors[j] ?? j;
    const one = powers[prime];
    const other = powers[j / prime];
    powers.push(one === undefined || other === undefined ? BigInt(j) ** exponent : one * other);
  }
  return powers;
}

function smallestPrimeDivisors(limit: number): Uint32Array {
  const divisors = new Uint32Array(limit + 1);
  for (let prime = 2; prime <= limit; prime++) {
    if (divisors[prime] !== 0) continue;
    for (let multiple = prime; multiple <= limit; multiple += prime) {
      if (divisors[multiple] === 0) divisors[multiple] = prime;
    }
  }
  return divisors;
}
