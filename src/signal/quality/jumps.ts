/** Positions of one marker, m. */
export interface MarkerTrack {
  readonly name: string;
  readonly axes: readonly [Float64Array, Float64Array, Float64Array];
}

/** A frame in which a marker is suddenly elsewhere. */
export interface MarkerJump {
  readonly name: string;
  readonly frame: number;
  /** Distance between where the marker is and where its own course leads, m. */
  readonly distance_m: number;
  /** The marker whose place it took, where there is one: the two were exchanged. */
  readonly exchanged_with?: string | undefined;
}

/** A marker leaves its course by more than this, and by more than `SHARPNESS` times what its speed would take it, m. */
const FAR_m = 0.05;
const SHARPNESS = 3;
/** One marker has taken another's place when it lies this near to where the other should be, m. */
const PLACE_m = 0.02;

/**
 * Frames in which a marker leaves its course. The course is the straight line through the two frames before; no part of a body accelerates
 * by 5 cm within one frame of 100 Hz (500 m/s²) but for an instant at impact.
 * @param scale frame time in units of 1/100 s, at least 1: slower cameras leave more room
 */
export function findMarkerJumps(tracks: readonly MarkerTrack[], scale = 1): MarkerJump[] {
  const frames = tracks[0]?.axes[0].length ?? 0;
  const jumps: MarkerJump[] = [];
  for (let frame = 2; frame < frames; frame++) {
    const off = tracks.filter((track) => isOff(track, frame, scale));
    for (const track of off) {
      const place = getPlace(track, frame);
      const other = off.find(
        (candidate) => candidate !== track && calcDistance(place, calcCourse(candidate, frame)) < PLACE_m * scale,
      );
      jumps.push({
        name: track.name,
        frame,
        distance_m: calcDistance(place, calcCourse(track, frame)),
        ...(other ? { exchanged_with: other.name } : {}),
      });
    }
  }
  return jumps;
}

type Place = readonly [number, number, number];

const getPlace = ({ axes: [x, y, z] }: MarkerTrack, frame: number): Place => [x[frame], y[frame], z[frame]];

function calcCourse(track: MarkerTrack, frame: number): Place {
  const [last, before] = [getPlace(track, frame - 1), getPlace(track, frame - 2)];
  return [2 * last[0] - before[0], 2 * last[1] - before[1], 2 * last[2] - before[2]];
}

const calcDistance = (a: Place, b: Place) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

function isOff(track: MarkerTrack, frame: number, scale: number): boolean {
  const distance = calcDistance(getPlace(track, frame), calcCourse(track, frame));
  if (!(distance > FAR_m * scale * scale)) return false;
  const speed = calcDistance(getPlace(track, frame - 1), getPlace(track, frame - 2));
  return distance > SHARPNESS * speed;
}
