/**
 * A plain description of a musculoskeletal model, as a file says it: what `io` reads from an OpenSim model and `body` builds from.
 * Lengths in m, angles in rad, forces in N; vectors are [x, y, z]. No behaviour lives here.
 */
export type Vector3 = readonly [number, number, number];

/** A scalar function of one or more coordinates. */
export type FunctionDescription =
  | { readonly type: 'constant'; readonly value: number }
  /** Coefficients [slope, intercept] for one argument; [c1, …, cn, intercept] for n arguments. */
  | { readonly type: 'linear'; readonly coefficients: readonly number[] }
  /** Highest power first. */
  | { readonly type: 'polynomial'; readonly coefficients: readonly number[] }
  /** OpenSim's SimmSpline (called NaturalCubicSpline in file version 20302). */
  | { readonly type: 'simm_spline'; readonly x: readonly number[]; readonly y: readonly number[] }
  | { readonly type: 'piecewise_linear'; readonly x: readonly number[]; readonly y: readonly number[] }
  | { readonly type: 'multiplier'; readonly scale: number; readonly function: FunctionDescription }
  /** A function that cannot be evaluated, and why; `body` refuses it only where a muscle that was asked for needs it. */
  | { readonly type: 'unsupported'; readonly why: string };

export interface CoordinateDescription {
  readonly name: string;
  readonly motion: 'rotational' | 'translational' | 'coupled';
  readonly default_value: number;
  readonly range: readonly [number, number];
  readonly locked: boolean;
}

/** One axis of a joint's transform: rotation about or translation along `axis`, by a function of named coordinates. */
export interface TransformAxisDescription {
  readonly axis: Vector3;
  readonly coordinates: readonly string[];
  readonly function: FunctionDescription;
}

/** A joint between two body-fixed frames. Every joint type is written as up to six axes: rotations 1–3 in body-fixed order, then translations in the parent joint frame. */
export interface JointDescription {
  readonly name: string;
  readonly type: string;
  readonly parent_body: string;
  readonly child_body: string;
  /** Joint frame in the parent body: translation, and body-fixed XYZ orientation. */
  readonly parent_translation_m: Vector3;
  readonly parent_orientation_rad: Vector3;
  readonly child_translation_m: Vector3;
  readonly child_orientation_rad: Vector3;
  readonly coordinates: readonly CoordinateDescription[];
  readonly rotations: readonly TransformAxisDescription[];
  readonly translations: readonly TransformAxisDescription[];
  /** Why the joint cannot be moved; undefined for joints that are described in full. */
  readonly unsupported?: string | undefined;
}

/** `dependent = function(independent …)`; a scale factor is part of the function. */
export interface CouplerDescription {
  readonly name: string;
  readonly dependent: string;
  readonly independent: readonly string[];
  readonly function: FunctionDescription;
}

export type PathPointDescription =
  | { readonly type: 'fixed'; readonly name: string; readonly body: string; readonly location_m: Vector3 }
  | {
      readonly type: 'conditional';
      readonly name: string;
      readonly body: string;
      readonly location_m: Vector3;
      readonly coordinate: string;
      readonly range: readonly [number, number];
    }
  | {
      readonly type: 'moving';
      readonly name: string;
      readonly body: string;
      /** One per axis; `coordinate` undefined for a constant (the function is taken at 0). */
      readonly location: readonly { readonly coordinate: string | undefined; readonly function: FunctionDescription }[];
    };

export interface MuscleDescription {
  readonly name: string;
  readonly type: string;
  readonly max_isometric_force_N: number;
  readonly optimal_fibre_length_m: number;
  readonly tendon_slack_length_m: number;
  readonly pennation_at_optimal_rad: number;
  /** Optimal fibre lengths per second. */
  readonly max_contraction_velocity: number;
  readonly path: readonly PathPointDescription[];
  /** Names of the wrap objects the path uses; empty when it wraps over nothing. */
  readonly wraps: readonly string[];
  /** Names of the groups the muscle belongs to. */
  readonly groups: readonly string[];
  /** Why the path cannot be used; undefined for paths that are described in full. */
  readonly unsupported?: string | undefined;
}

export interface BodyDescription {
  readonly name: string;
  readonly mass_kg: number;
  /** Centre of mass in the body frame. */
  readonly mass_centre_m: Vector3;
  /** About the centre of mass: xx, yy, zz, xy, xz, yz in kg·m². */
  readonly inertia: readonly [number, number, number, number, number, number];
}

export interface ModelDescription {
  readonly name: string;
  /** File version of the source, e.g. 40000; 0 for a model that is not from a file. */
  readonly version: number;
  readonly ground: string;
  readonly bodies: readonly BodyDescription[];
  readonly joints: readonly JointDescription[];
  readonly couplers: readonly CouplerDescription[];
  readonly muscles: readonly MuscleDescription[];
  /** What the reader met and left out, in plain sentences. */
  readonly notes: readonly string[];
}
