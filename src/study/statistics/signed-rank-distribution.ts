/**
 * Distribution of the sum of those ranks whose sign is positive, where every sign is a fair coin: `shares[2 s]` is the probability of the sum s.
 * Sums are counted in halves, for midranks are halves. Each rank doubles the patterns: shifted by itself, or left (Hollander, Wolfe & Chicken 2014, §3.1).
 * Exact while 2ⁿ fits a double's 53 bits.
 * @param ranks multiples of ½, positive
 */
export function calcRankSumShares(ranks: ArrayLike<number>): Float64Array {
  let total = 0;
  for (let i = 0; i < ranks.length; i++) total += Math.round(2 * ranks[i]);
  const shares = new Float64Array(total + 1);
  shares[0] = 1;
  let highest = 0;
  for (let i = 0; i < ranks.length; i++) {
    const rank = Math.round(2 * ranks[i]);
    highest += rank;
    // From above, so that a sum is read before it is written.
    for (let sum = highest; sum >= 0; sum--) shares[sum] = 0.5 * (shares[sum] + (sum >= rank ? shares[sum - rank] : 0));
  }
  return shares;
}
