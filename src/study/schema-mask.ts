import { z } from 'zod';

/** The part of a study file that says which frames hold, and what a cycle is. */

const stance = z.strictObject({
  channel: z
    .string()
    .min(1)
    .describe(
      "Vertical force under the foot (channel of files.ground), e.g. '{side}GroundReactionForce.z'. Missing samples, and a trial without the channel, mean that the foot is on no plate.",
    ),
  above: z
    .number()
    .positive()
    .describe("The foot is on a plate above this force, in the channel's unit (N/kg for Plug-in Gait's outputs)."),
  both_halves_above: z
    .number()
    .positive()
    .optional()
    .describe(
      'A whole step rises above this force in both halves of its time on the plate (about 0.8 of body weight: 7.8 N/kg). What does not is taken for a foot that stood beside the plate too, and is masked.',
    ),
  trim_s: z.number().min(0).default(0).describe('Seconds masked at the start and end of each contact.'),
  swing: z
    .enum(['mask', 'train'])
    .default('mask')
    .describe(
      'train: train on swing too, where the foot touches nothing and the moments hold without a plate. Tests keep to stance. Swing is where all of swing_markers move faster than swing_above_m_per_s.',
    ),
  swing_markers: z
    .array(z.string().min(1))
    .min(1)
    .default(['{side}HEE', '{side}TOE'])
    .describe('Markers of the foot (points of files.ground, without .x, .y, .z).'),
  swing_above_m_per_s: z
    .number()
    .positive()
    .default(1.2)
    .describe(
      'Speed (m/s) that tells swing. Against the foot-off and foot-strike events of seven children, 1.2 calls 4 of 3,332 stance frames swing and finds 87 % of swing.',
    ),
});

export const mask = z.strictObject({
  skip_start_s: z
    .number()
    .min(0)
    .default(0)
    .describe('Seconds at the start of every trial that are neither trained nor tested on.'),
  stance: stance
    .optional()
    .describe('The label holds only while this foot is on a force plate; other frames are masked.'),
  residual: z
    .strictObject({
      channels: z.array(z.string()).min(1).describe('Residual forces in the moments file, e.g. pelvis_tx_force.'),
      above_N: z.number().positive().describe('Frames whose residual, as a vector, is longer than this are masked.'),
    })
    .optional()
    .describe('Mask frames where inverse dynamics itself is off, seen by large residual forces at the pelvis.'),
  cross_steps: z
    .strictObject({
      left: z.string().describe('Vertical force under the left belt (channel of files.ground).'),
      right: z.string().describe('Vertical force under the right belt.'),
      above_N: z.number().positive().default(20).describe('A belt is loaded above this force.'),
      pad_s: z.number().min(0).default(0.08).describe('Seconds masked before and after each cross-step.'),
    })
    .optional()
    .describe(
      'Mask steps on the wrong belt of a split-belt treadmill, where forces of one foot are given to the other. Both belts loaded for more than 1.5 times the median double support; in running (both unloaded more than 5 % of the time) both belts loaded at all.',
    ),
});

export const cycle = z.strictObject({
  channel: z
    .string()
    .describe(
      'Channel that tells the cycle: a coordinate of the motion file, or a force of files.ground; {side} is filled in.',
    ),
  start: z
    .enum(['maximum', 'minimum', 'rise'])
    .default('maximum')
    .describe(
      'A cycle starts at each maximum (or minimum) of that channel, e.g. of hip flexion just before heel strike; rise: each time it rises through `above`, e.g. the vertical force at heel strike.',
    ),
  above: z.number().default(20).describe('Level for start: rise, in SI units (N for a force).'),
  shortest_s: z.number().positive().default(0.5).describe('Shortest time between two starts.'),
});
