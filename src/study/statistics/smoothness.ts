/**
 * Smoothness of a field from the residuals of a test: the full width at half maximum of the Gaussian kernel that would make white noise as smooth, in nodes.
 * Kiebel et al. 1999, NeuroImage 10:756, doi 10.1006/nimg.1999.0508, in the form of Pataky 2016, J. Stat. Softw. 71(7), doi 10.18637/jss.v071.i07:
 * at every node the residuals' squared slopes over their squares, and the mean of the resels per node.
 * @param residuals one array per participant, nodes long; not all 0 at any node
 * @returns ∞ where no residual has a slope
 */
export function calcSmoothness(residuals: readonly Float64Array[]): number {
  const nodes = residuals[0].length;
  let resels = 0;
  for (let node = 0; node < nodes; node++) {
    // One-sided at both ends.
    const before = Math.max(0, node - 1);
    const after = Math.min(nodes - 1, node + 1);
    let slopes = 0;
    let squares = 0;
    for (const residual of residuals) {
      slopes += ((residual[after] - residual[before]) / (after - before)) ** 2;
      squares += residual[node] ** 2;
    }
    resels += Math.sqrt(slopes / squares / (4 * Math.LN2));
  }
  return nodes / resels;
}
