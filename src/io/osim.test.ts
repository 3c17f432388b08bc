import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GenuError, type ModelDescription } from '../data/index.js';
import { readOsim } from './osim.js';

const read = (text: string | Uint8Array): ModelDescription => readOsim(text, { file: 'leg.osim' });

const SPLINE = '<x>-2 -1 0 0.1</x><y>0.1 0.2 0.3 0.4</y>';
const PARAMETERS = `<max_isometric_force>1000</max_isometric_force><optimal_fiber_length>0.1</optimal_fiber_length>
<tendon_slack_length>0.2</tendon_slack_length><pennation_angle_at_optimal>0.1</pennation_angle_at_optimal>`;
const SPEED = '<max_contraction_velocity>8</max_contraction_velocity>';
const GROUPS = '<groups><ObjectGroup name="knee"><members> vas sol </members></ObjectGroup></groups>';

/** One leg in the form of file versions 20302 (NaturalCubicSpline) and 30000: joints inside bodies. */
function nested(version: number, spline: string, muscle = '', extra = ''): string {
  const coordinate = (name: string): string =>
    `<CoordinateSet><objects><Coordinate name="${name}"><motion_type>rotational</motion_type><default_value>0.1</default_value>
<range>-2 0.2</range></Coordinate></objects></CoordinateSet>`;
  const body = (name: string, joint: string): string =>
    `<Body name="${name}"><mass>2</mass><mass_center>0 -0.1 0</mass_center><inertia_xx>1</inertia_xx><inertia_yy>2</inertia_yy>
<inertia_zz>3</inertia_zz><inertia_xy>0</inertia_xy><inertia_xz>0</inertia_xz><inertia_yz>0</inertia_yz><Joint>${joint}</Joint></Body>`;
  const axis = (name: string, coordinates: string, direction: string, fn: string): string =>
    `<TransformAxis name="${name}"><function>${fn}</function><coordinates>${coordinates}</coordinates><axis>${direction}</axis></TransformAxis>`;
  return `<?xml version="1.0"?>
<OpenSimDocument Version="${version}"><Model name="leg">${extra}
<BodySet><objects><Body name="ground"><mass>0</mass><Joint/></Body>
${body('thigh', '<WeldJoint name="hip"><parent_body>ground</parent_body></WeldJoint>')}
${body(
  'shank',
  `<CustomJoint name="knee"><parent_body>thigh</parent_body><location_in_parent>0 -0.4 0</location_in_parent>${coordinate('knee_angle')}
<SpatialTransform>${axis('rotation1', 'knee_angle', '0 0 1', '<LinearFunction><coefficients>1 0</coefficients></LinearFunction>')}
${axis('translation1', 'knee_angle', '1 0 0', `<MultiplierFunction><function><${spline}>${SPLINE}</${spline}></function><scale>1.5</scale></MultiplierFunction>`)}
</SpatialTransform></CustomJoint>`,
)}
${body('foot', `<PinJoint name="ankle"><parent_body>shank</parent_body><location_in_parent>0 -0.4 0</location_in_parent>${coordinate('ankle_angle')}</PinJoint>`)}
</objects></BodySet>
<ForceSet><objects><Thelen2003Muscle name="vas"><GeometryPath><PathPointSet><objects>
<PathPoint name="P1"><location>0.05 -0.1 0</location><body>thigh</body></PathPoint>
<ConditionalPathPoint name="P2"><location>0.06 -0.4 0</location><body>thigh</body><range>-2 -1</range><coordinate>knee_angle</coordinate></ConditionalPathPoint>
<MovingPathPoint name="P3"><body>shank</body>
<x_location><${spline}>${SPLINE}</${spline}></x_location><x_coordinate>knee_angle</x_coordinate>
<y_location><Constant><value>0.01</value></Constant></y_location><y_coordinate>knee_angle</y_coordinate>
<z_location><Constant><value>0</value></Constant></z_location><z_coordinate>knee_angle</z_coordinate></MovingPathPoint>
</objects></PathPointSet></GeometryPath>${PARAMETERS}${SPEED}</Thelen2003Muscle>
<Thelen2003Muscle name="sol"><GeometryPath><PathPointSet><objects>
<PathPoint name="P1"><location>-0.02 -0.1 0</location><body>shank</body></PathPoint>
<PathPoint name="P2"><location>-0.05 -0.02 0</location><body>foot</body></PathPoint></objects></PathPointSet>
<PathWrapSet><objects><PathWrap name="w"><wrap_object>calf</wrap_object></PathWrap></objects></PathWrapSet>
</GeometryPath>${PARAMETERS}${muscle || SPEED}</Thelen2003Muscle></objects>${GROUPS}</ForceSet>
</Model></OpenSimDocument>`;
}

/** The same leg in the form of file versions 40000 and 40500: sockets and offset frames. */
function socketed(version: number): string {
  const coordinate = (name: string): string =>
    `<coordinates><Coordinate name="${name}"><default_value>0.1</default_value><range>-2 0.2</range></Coordinate></coordinates>`;
  const body = (name: string): string =>
    `<Body name="${name}"><mass>2</mass><mass_center>0 -0.1 0</mass_center><inertia>1 2 3 0 0 0</inertia></Body>`;
  const frames = (parent: string, place: string): string =>
    `<socket_parent_frame>parent_offset</socket_parent_frame><socket_child_frame>child_offset</socket_child_frame><frames>
<PhysicalOffsetFrame name="parent_offset"><socket_parent>${parent}</socket_parent><translation>${place}</translation><orientation>0 0 0</orientation></PhysicalOffsetFrame>`;
  const child = (name: string): string =>
    `<PhysicalOffsetFrame name="child_offset"><socket_parent>/bodyset/${name}</socket_parent><translation>0 0 0</translation><orientation>0 0 0</orientation></PhysicalOffsetFrame></frames>`;
  const angle = '<socket_coordinate>/jointset/knee/knee_angle</socket_coordinate>';
  const moving = ['x', 'y', 'z'].map(
    (a) => `<socket_${a}_coordinate>/jointset/knee/knee_angle</socket_${a}_coordinate>`,
  );
  return `<OpenSimDocument Version="${version}"><Model name="leg"><Ground name="ground"/>
<BodySet><objects>${body('thigh')}${body('shank')}${body('foot')}</objects></BodySet>
<JointSet><objects>
<WeldJoint name="hip">${frames('/ground', '0 0 0')}${child('thigh')}</WeldJoint>
<CustomJoint name="knee">${frames('/bodyset/thigh', '0 -0.4 0')}${child('shank')}${coordinate('knee_angle')}<SpatialTransform>
<TransformAxis name="rotation1"><coordinates>knee_angle</coordinates><axis>0 0 1</axis><LinearFunction name="function"><coefficients>1 0</coefficients></LinearFunction></TransformAxis>
<TransformAxis name="translation1"><coordinates>knee_angle</coordinates><axis>1 0 0</axis><MultiplierFunction name="function"><function><SimmSpline>${SPLINE}</SimmSpline></function><scale>1.5</scale></MultiplierFunction></TransformAxis>
</SpatialTransform></CustomJoint>
<PinJoint name="ankle">${frames('/bodyset/shank', '0 -0.4 0')}${child('foot')}${coordinate('ankle_angle')}</PinJoint>
</objects></JointSet>
<ForceSet><objects><Thelen2003Muscle name="vas"><GeometryPath><PathPointSet><objects>
<PathPoint name="P1"><socket_parent_frame>/bodyset/thigh</socket_parent_frame><location>0.05 -0.1 0</location></PathPoint>
<ConditionalPathPoint name="P2"><socket_parent_frame>/bodyset/thigh</socket_parent_frame><location>0.06 -0.4 0</location>${angle}<range>-2 -1</range></ConditionalPathPoint>
<MovingPathPoint name="P3"><socket_parent_frame>/bodyset/shank</socket_parent_frame>${moving.join('')}
<x_location><SimmSpline>${SPLINE}</SimmSpline></x_location><y_location><Constant><value>0.01</value></Constant></y_location><z_location><Constant><value>0</value></Constant></z_location></MovingPathPoint>
</objects></PathPointSet></GeometryPath>${PARAMETERS}${SPEED}</Thelen2003Muscle>
<Thelen2003Muscle name="sol"><GeometryPath><PathPointSet><objects>
<PathPoint name="P1"><socket_parent_frame>/bodyset/shank</socket_parent_frame><location>-0.02 -0.1 0</location></PathPoint>
<PathPoint name="P2"><socket_parent_frame>/jointset/ankle/heel</socket_parent_frame><location>0 -0.02 0</location></PathPoint></objects></PathPointSet>
<PathWrapSet><objects><PathWrap name="w"><wrap_object>calf</wrap_object></PathWrap></objects></PathWrapSet>
</GeometryPath>${PARAMETERS}${SPEED}</Thelen2003Muscle></objects>${GROUPS}</ForceSet>
</Model></OpenSimDocument>`.replace(
    '</frames><coordinates><Coordinate name="ankle_angle">',
    '<PhysicalOffsetFrame name="heel"><socket_parent>../child_offset</socket_parent><translation>-0.05 0 0</translation></PhysicalOffsetFrame></frames><coordinates><Coordinate name="ankle_angle">',
  );
}

describe('readOsim', () => {
  it('reads one model alike from every file version', () => {
    const { version, ...old } = read(nested(20302, 'NaturalCubicSpline'));
    expect(version).toBe(20302);
    expect(old.bodies.map((b) => b.name)).toEqual(['thigh', 'shank', 'foot']);
    expect(old.bodies[0].inertia).toEqual([1, 2, 3, 0, 0, 0]);
    expect(old.joints[1].translations[0].function).toEqual({
      type: 'multiplier',
      scale: 1.5,
      function: { type: 'simm_spline', x: [-2, -1, 0, 0.1], y: [0.1, 0.2, 0.3, 0.4] },
    });
    expect(old.joints[2].rotations[0].axis).toEqual([0, 0, 1]);
    expect(old.muscles[0].path.map((p) => p.type)).toEqual(['fixed', 'conditional', 'moving']);
    expect(old.muscles[0]).toMatchObject({ max_contraction_velocity: 8, groups: ['knee'], wraps: [] });
    expect(old.muscles[1].wraps).toEqual(['calf']);
    for (const text of [nested(30000, 'SimmSpline'), socketed(40000), socketed(40500)]) {
      const { version: _, ...same } = read(text);
      expect(same).toEqual(old);
    }
  });

  it('fills missing fields from the defaults section, then from OpenSim’s own defaults, and says so', () => {
    const defaults =
      '<defaults><Thelen2003Muscle name="default"><max_contraction_velocity>12</max_contraction_velocity></Thelen2003Muscle></defaults>';
    expect(read(nested(30000, 'SimmSpline', ' ', defaults)).muscles[1].max_contraction_velocity).toBe(12);
    const bare = read(nested(30000, 'SimmSpline', ' '));
    expect(bare.muscles[1].max_contraction_velocity).toBe(10);
    expect(bare.notes.join('\n')).toMatch(
      /without <max_contraction_velocity>: OpenSim's default 10 is taken \(1: sol\)/,
    );
  });

  it('reads bytes with a byte order mark or another encoding', () => {
    const text = nested(30000, 'SimmSpline');
    expect(read(`\uFEFF${text}`)).toEqual(read(text));
    expect(read(new TextEncoder().encode(`\uFEFF${text}`))).toEqual(read(text));
    const latin = text
      .replace('<?xml version="1.0"?>', '<?xml version="1.0" encoding="ISO-8859-1"?>')
      .replace('name="leg"', 'name="Bein ü"');
    expect(read(Uint8Array.from(latin, (c) => c.charCodeAt(0))).name).toBe('Bein ü');
  });

  it('notes what it leaves out', () => {
    const rest =
      '<MarkerSet><objects><Marker name="a"/></objects></MarkerSet><ConstraintSet><objects><WeldConstraint name="w"/></objects></ConstraintSet>';
    const odd = nested(30000, 'SimmSpline', '', rest)
      .replace('<PinJoint name="ankle">', '<EllipsoidJoint name="ankle">')
      .replace('</PinJoint>', '</EllipsoidJoint>')
      .replace('<ForceSet><objects>', '<ForceSet><objects><CoordinateActuator name="reserve"/>');
    const model = read(odd);
    const notes = model.notes.join('\n');
    expect(notes).toMatch(/MarkerSet \(1 objects\) is left out/);
    expect(notes).toMatch(/constraints of class WeldConstraint are left out.*\(1: w\)/);
    expect(notes).toMatch(/forces of class CoordinateActuator are left out.*\(1: reserve\)/);
    expect(notes).toMatch(/its class EllipsoidJoint is not known/);
    expect(model.joints[2].unsupported).toMatch(/EllipsoidJoint/);
    const point = read(nested(30000, 'SimmSpline').replaceAll('MovingPathPoint', 'WanderingPathPoint'));
    expect(point.muscles[0].unsupported).toBe('its path point P3 is a WanderingPathPoint, which genu does not know');
    expect(point.notes.join('\n')).toMatch(/without a usable path.*\(1: vas\)/);
  });

  it('places a point that hangs on frames within frames', () => {
    const quarter = Math.PI / 2;
    // A quarter turn about z in the shank, then one about x inside it: x stays, y goes to z; then x to y.
    const frame = (name: string, parent: string, place: string, turn: string): string =>
      `<PhysicalOffsetFrame name="${name}"><socket_parent>${parent}</socket_parent><translation>${place}</translation><orientation>${turn}</orientation></PhysicalOffsetFrame>`;
    const text = socketed(40500)
      .replace(
        '<Body name="foot">',
        `<Body name="foot"><components>${frame('outer', '..', '0 1 0', `0 0 ${quarter}`)}</components>`,
      )
      .replace(
        '<BodySet>',
        `<ComponentSet><objects>${frame('inner', '/bodyset/foot/outer', '1 0 0', `${quarter} 0 0`)}</objects></ComponentSet><BodySet>`,
      )
      .replace('/jointset/ankle/heel', '/componentset/inner');
    const point = read(text).muscles[1].path[1];
    if (point.type !== 'fixed') throw new Error('expected a fixed point');
    expect(point.body).toBe('foot');
    // (0, −0.02, 0) -> (0, 0, −0.02) + (1, 0, 0) -> (0, 1, −0.02) + (0, 1, 0).
    [0, 2, -0.02].forEach((value, k) => {
      expect(point.location_m[k]).toBeCloseTo(value, 12);
    });
  });

  it('reads couplers with their scale, and leaves out those switched off', () => {
    const coupler = (name: string, state: string): string =>
      `<CoordinateCouplerConstraint name="${name}">${state}<coupled_coordinates_function><LinearFunction><coefficients>1 0</coefficients></LinearFunction></coupled_coordinates_function>
<independent_coordinate_names>knee_angle</independent_coordinate_names><dependent_coordinate_name>ankle_angle</dependent_coordinate_name><scale_factor>0.5</scale_factor></CoordinateCouplerConstraint>`;
    const set = `<ConstraintSet><objects>${coupler('on', '<isDisabled>false</isDisabled>')}${coupler('off', '<isDisabled>true</isDisabled>')}</objects></ConstraintSet>`;
    const model = read(nested(30000, 'SimmSpline', '', set));
    expect(model.couplers).toEqual([
      {
        name: 'on',
        dependent: 'ankle_angle',
        independent: ['knee_angle'],
        function: { type: 'multiplier', scale: 0.5, function: { type: 'linear', coefficients: [1, 0] } },
      },
    ]);
    expect(model.notes.join('\n')).toMatch(/switches off.*\(1: off\)/);
  });

  it('rounds old joint places to six digits, as OpenSim does, and says so', () => {
    const model = read(nested(30000, 'SimmSpline').replace('0 -0.4 0', '0 -0.40000049 0'));
    expect(model.joints[1].parent_translation_m).toEqual([0, -0.4, 0]);
    expect(model.notes.join('\n')).toMatch(/rounded to six digits.*\(1: knee\)/);
  });

  it('says in a line that many elements are not closed', () => {
    const text = `<OpenSimDocument Version="40000">${'<a>'.repeat(5000)}`;
    expect(() => readOsim(text, { file: 'leg.osim' })).toThrow(
      /^leg\.osim, line 1: this is not well-formed XML.{1,300}$/,
    );
  });

  it.each([
    ['<a><b></a>', /leg\.osim, line 1: this is not well-formed XML/],
    ['', /leg\.osim/],
    ['<html><body/></html>', /not an OpenSim model: its root is <html>/],
    ['<OpenSimDocument Version="30000"><Storage/></OpenSimDocument>', /without a <Model>/],
    ['<OpenSimDocument Version="10800"><Model name="x"/></OpenSimDocument>', /version "10800".*save it again/],
    ['<OpenSimDocument><Model name="x"/></OpenSimDocument>', /version ""/],
  ])('refuses %s', (text, message) => {
    expect(() => read(text)).toThrow(GenuError);
    expect(() => read(text)).toThrow(message);
  });

  it('names the line of what is wrong inside a model', () => {
    const lines = nested(30000, 'SimmSpline').split('\n');
    const at = lines.findIndex((line) => line.includes('name="P1"'));
    lines[at] = lines[at].replace('-0.1', 'O.1');
    expect(() => read(lines.join('\n'))).toThrow(
      `leg.osim, line ${at + 1}: <location> holds "O.1", which is not a number.`,
    );
    lines[at] = lines[at].replace('0.05 O.1 0', '0.05 0');
    expect(() => read(lines.join('\n'))).toThrow(/<location> holds 2 numbers; expected 3/);
    lines[at] = lines[at].replace('<location>0.05 0<', '<location>0.05 0 0<').replace('<body>thigh', '<body>thig');
    expect(() => read(lines.join('\n'))).toThrow(/line \d+: there is no body or frame "thig".*The bodies are: thigh/);
  });

  it('neither expands entities nor overflows on deep nesting', () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>${nested(30000, 'SimmSpline').slice(22)}`;
    expect(() => read(bomb)).toThrow(/declares a document type/);
    const deep = 50_000;
    expect(() =>
      read(`<OpenSimDocument Version="30000">${'<a>'.repeat(deep)}${'</a>'.repeat(deep)}</OpenSimDocument>`),
    ).toThrow(GenuError);
  });

  it('answers any damage to a file with a model or a GenuError', () => {
    const text = nested(20302, 'NaturalCubicSpline');
    fc.assert(
      fc.property(
        fc.nat(text.length),
        fc.nat(40),
        fc.constantFrom('', '<', '>', '/', '"', 'x', '-', '<objects>', '</Body>', 'NaN', '&amp;'),
        (at, length, put) => {
          try {
            expect(read(text.slice(0, at) + put + text.slice(at + length)).muscles).toBeDefined();
          } catch (error) {
            expect(error).toBeInstanceOf(GenuError);
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});
