import { describe, expect, it } from 'vitest';
import { calcPassiveKneeTorque } from './passive-joint.js';

const degrees = Math.PI / 180;

describe('calcPassiveKneeTorque', () => {
  it('has the published values at the two limits', () => {
    // The other exponential is below 1e-10 there.
    expect(calcPassiveKneeTorque(0.13, 'extension')).toBeCloseTo(-6.09, 9);
    expect(calcPassiveKneeTorque(-2.4, 'extension')).toBeCloseTo(11.03, 9);
  });

  it('pushes back from both ends, always falls with extension, and is small between', () => {
    for (let angle = -170; angle < 20; angle++) {
      const torque = calcPassiveKneeTorque(angle * degrees, 'extension');
      expect(calcPassiveKneeTorque((angle + 1) * degrees, 'extension')).toBeLessThanOrEqual(torque);
      expect(Math.abs(torque)).toBeLessThan(200);
      if (angle >= -112 && angle <= 0) expect(Math.abs(torque)).toBeLessThan(0.1);
    }
  });

  it('turns with the sign convention', () => {
    for (const angle of [-0.2, 0, 0.7, 2.3])
      expect(calcPassiveKneeTorque(angle, 'flexion')).toBe(-calcPassiveKneeTorque(-angle, 'extension'));
    expect(calcPassiveKneeTorque(Number.NaN, 'flexion')).toBeNaN();
  });
});
