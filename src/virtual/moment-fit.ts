/**
 * How readily a muscle's drive is bent to reach a wanted knee moment: extensors positive, flexors negative. Muscles that also serve
 * another joint give way less, so that calf and hip keep the timing that their own tasks give them.
 */
const willingness: Readonly<Record<string, number>> = {
  vas_lat_r: 1,
  vas_med_r: 1,
  vas_int_r: 1,
  rect_fem_r: 0.7,
  bifemsh_r: -0.8,
  bifemlh_r: -0.8,
  semimem_r: -0.8,
  semiten_r: -0.8,
  med_gas_r: -0.3,
  lat_gas_r: -0.3,
  sar_r: -0.4,
  grac_r: -0.5,
};

const STEPS = 18;
const FURTHEST = 3.5;
const [LEAST, MOST] = [0.004, 0.95];

/**
 * Bends habitual activations until they give the wanted moment, at every phase on its own: a = a₀·exp(λw) with the smallest |λ| that does,
 * by bisection. An activation scaled so, as under a minimum of relative entropy, keeps the habit's pattern and its co-contraction. Where even the furthest λ does not reach the moment, the person falls short of it.
 * @param habitual activation at each phase, by muscle
 * @param wanted_Nm moment at each phase
 * @param calcMoment moment at each phase for given activations; must grow with extensor and fall with flexor activation
 * @returns λ at each phase
 */
export function fitMoment(
  habitual: ReadonlyMap<string, Float64Array>,
  wanted_Nm: Float64Array,
  calcMoment: (activations: ReadonlyMap<string, Float64Array>) => Float64Array,
): Float64Array {
  const low = new Float64Array(wanted_Nm.length).fill(-FURTHEST);
  const high = new Float64Array(wanted_Nm.length).fill(FURTHEST);
  const middle = new Float64Array(wanted_Nm.length);
  for (let step = 0; step < STEPS; step++) {
    const moment = calcMoment(bendActivations(habitual, middle));
    for (let i = 0; i < middle.length; i++) {
      if (moment[i] < wanted_Nm[i]) low[i] = middle[i];
      else high[i] = middle[i];
      middle[i] = 0.5 * (low[i] + high[i]);
    }
  }
  return middle;
}

/** a₀·exp(λw), within 0.004…0.95. */
export function bendActivations(
  habitual: ReadonlyMap<string, Float64Array>,
  bend: Float64Array,
): Map<string, Float64Array> {
  return new Map(
    [...habitual].map(([muscle, a]) => {
      const w = willingness[muscle] ?? 0;
      return [muscle, a.map((x, i) => Math.min(MOST, Math.max(LEAST, x * Math.exp(w * bend[i]))))];
    }),
  );
}
