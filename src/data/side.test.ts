import { expect, it } from 'vitest';
import { fillSide, hasSide } from './side.js';

it('fills in the side in each of its spellings, as often as it is there', () => {
  expect(fillSide('{side}KneeAngles.x', 'left')).toBe('LKneeAngles.x');
  expect(fillSide('{side}_{side_name}_{side_letter}_{side}', 'right')).toBe('R_right_r_R');
  expect(fillSide('knee_angle_r', undefined)).toBe('knee_angle_r');
  expect([hasSide('Voltage.{side} Rect'), hasSide('{sides}'), hasSide('LKNE')]).toEqual([true, false, false]);
});

it('asks for the side that a name needs', () => {
  expect(() => fillSide('{side}KNE', undefined, 'P01, walk')).toThrow(
    /P01, walk: the name "\{side\}KNE" needs to know the leg.*side: left/,
  );
});
