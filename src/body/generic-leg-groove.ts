import type { PathPointDescription, Vector3 } from '../data/index.js';

/** Where the patella is in the femur at a knee angle: its origin (x, y) and its turn about z. */
export type PatellaPose = (knee_rad: number) => readonly [x: number, y: number, turn_rad: number];

/**
 * The groove that the quadriceps tendon runs into when the knee is bent: a circle in the femur's sagittal plane through the
 * distal contact points of Delp et al. (1990). Metres, for a thigh of the reference length.
 */
const GROOVE = { x: 0.005, y: -0.402, radius: 0.033 };
const STEP_deg = 5;
/** While the tendon is free of the groove, the point only has to lie on the straight line, short of the patella. */
const FARTHEST = 0.9;

/**
 * A path point on the femur that keeps a quadriceps muscle out of the bone: on the straight line from `start` to the patella
 * while that clears the groove, and on the middle of the wrapped arc when it does not. The length passes smoothly between the two.
 * @param start last point above, in the femur
 * @param end insertion, in the patella
 * @param scale of the femur
 */
export function makeGroovePoint(
  name: string,
  body: string,
  knee: string,
  start: Vector3,
  end: Vector3,
  pose: PatellaPose,
  scale: number,
): PathPointDescription {
  const angles = Array.from({ length: 27 }, (_, i) => ((-120 + STEP_deg * i) * Math.PI) / 180);
  const places = angles.map((angle) => {
    const [x, y, turn] = pose(angle);
    const insertion: Vector3 = [
      x + Math.cos(turn) * end[0] - Math.sin(turn) * end[1],
      y + Math.sin(turn) * end[0] + Math.cos(turn) * end[1],
      end[2],
    ];
    return findContact(start, insertion, scale);
  });
  return {
    type: 'moving',
    name,
    body,
    location: [0, 1, 2].map((axis) => ({
      coordinate: knee,
      function: { type: 'simm_spline', x: angles, y: places.map((place) => place[axis]) },
    })),
  };
}

function findContact(start: Vector3, end: Vector3, scale: number): Vector3 {
  const [cx, cy, radius] = [GROOVE.x * scale, GROOVE.y * scale, GROOVE.radius * scale];
  // Directions, from the centre, of the points where the tangents from either side touch the front of the circle.
  const tangent = ([x, y]: Vector3, side: 1 | -1): number =>
    Math.atan2(y - cy, x - cx) + side * Math.acos(Math.min(1, radius / Math.hypot(x - cx, y - cy)));
  const [above, below] = [tangent(start, -1), tangent(end, 1)];
  if (above > below) {
    const middle = (above + below) / 2;
    const [x, y] = [cx + radius * Math.cos(middle), cy + radius * Math.sin(middle)];
    const [before, after] = [Math.hypot(x - start[0], y - start[1]), Math.hypot(x - end[0], y - end[1])];
    return [x, y, start[2] + (before / (before + after)) * (end[2] - start[2])];
  }
  const [dx, dy] = [end[0] - start[0], end[1] - start[1]];
  const nearest = ((cx - start[0]) * dx + (cy - start[1]) * dy) / (dx * dx + dy * dy);
  const along = Math.min(FARTHEST, nearest);
  return [start[0] + along * dx, start[1] + along * dy, start[2] + along * (end[2] - start[2])];
}
