import { activeForceLength, calcCurve, forceVelocity, passiveForceLength } from '../curves.js';
import type { MuscleParameters } from '../muscles.js';
import type { HillModel, HillMuscle, HillPoint } from './hill.js';

/** The optimal fibre length grows by this share from full to no activation (Lloyd & Besier 2003, after Huijing 1996). */
const lengthening = 0.15;

/**
 * CEINMS with a stiff tendon (Lloyd & Besier 2003; Pizzolato et al. 2015, J. Biomech. 48:3929–3936; velocity and passive terms as in CEINMS-RT):
 *
 *   F = Fmax·s·[fa(l/Lo(a))·fv(v)·a + fp(l/Lo) + dm·v]·cos φ,   Lo(a) = Lo(1 + 0.15(1 − a)),
 *   l = √((Lo sin φ0)² + (lmt − lts)²),   φ = asin(Lo sin φ0 / l),   v = (dl/dt)/(Lo·vmax) clipped to ±1.
 *
 * With a stiff tendon the fibre's velocity along the tendon is that of the muscle-tendon unit, so dl/dt = cos φ · dlmt/dt. The fibre's
 * width Lo sin φ0 is constant (CEINMS-RT lets it grow with Lo(a) in l but not in φ; then dl/dt would depend on da/dt).
 * Where lmt ≤ lts the tendon is slack and the force zero, which continues a pennate muscle's cos φ → 0; a negative force (fast shortening
 * against damping alone) is set to zero. Both are flagged. Beyond about 1.3 optimal lengths more activation can mean less force: Lo(a)
 * shrinks, and on the falling limb of fa that outweighs a. The published model has this property.
 */
export const ceinmsStiffTendon: HillModel = {
  name: 'CEINMS, stiff tendon',
  source:
    'Lloyd & Besier 2003, doi 10.1016/S0021-9290(03)00010-1; Pizzolato et al. 2015, doi 10.1016/j.jbiomech.2015.09.021',
  build: (muscle) => new CeinmsMuscle(muscle),
};

class CeinmsMuscle implements HillMuscle {
  private readonly force_N: number;
  private readonly optimal_m: number;
  private readonly slack_m: number;
  private readonly width_m: number;
  private readonly speed_m_per_s: number;
  private readonly damping: number;

  constructor(muscle: MuscleParameters) {
    this.force_N = muscle.max_isometric_force_N * muscle.strength;
    this.optimal_m = muscle.optimal_fibre_length_m;
    this.slack_m = muscle.tendon_slack_length_m;
    this.width_m = muscle.optimal_fibre_length_m * Math.sin(muscle.pennation_at_optimal_rad);
    this.speed_m_per_s = muscle.optimal_fibre_length_m * muscle.max_contraction_velocity;
    this.damping = muscle.damping;
  }

  calcInto(out: HillPoint, activation: number, length_m: number, speed_m_per_s: number): void {
    const along = length_m - this.slack_m;
    const fibre = Math.sqrt(this.width_m * this.width_m + along * along);
    const cosine = along / fibre;
    const normalised = fibre / this.optimal_m;
    out.normalisedFibreLength = normalised;
    // A fibre of length zero carries nothing either, and has no direction.
    out.slack = along <= 0 || fibre === 0;
    out.pushing = false;
    if (out.slack) {
      // Without tension the fibre's velocity is not known.
      out.normalisedFibreVelocity = 0;
      out.force_N = Number.isNaN(activation + speed_m_per_s) ? Number.NaN : 0;
      return;
    }
    const velocity = Math.max(-1, Math.min(1, (cosine * speed_m_per_s) / this.speed_m_per_s));
    const active = calcCurve(activeForceLength, normalised / (1 + lengthening * (1 - activation)));
    const force =
      this.force_N *
      (active * calcCurve(forceVelocity, velocity) * activation +
        calcCurve(passiveForceLength, normalised) +
        this.damping * velocity) *
      cosine;
    out.normalisedFibreVelocity = velocity;
    out.pushing = force < 0;
    out.force_N = out.pushing ? 0 : force;
  }
}
