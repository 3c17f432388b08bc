import type { FunctionDescription } from '../data/index.js';
import type { OsimSource } from './osim-source.js';
import type { XmlElement } from './osim-xml.js';

/**
 * Reads an OpenSim Function element.
 * Kinds that genu cannot evaluate are described as such, so that a model is refused only where the function matters.
 */
function readFunction(source: OsimSource, element: XmlElement): FunctionDescription {
  switch (element.name) {
    case 'Constant': {
      const field = source.find(element, 'value');
      return { type: 'constant', value: field === undefined ? 0 : source.numbers(field, 1)[0] };
    }
    case 'LinearFunction': {
      const field = source.find(element, 'coefficients');
      return { type: 'linear', coefficients: field === undefined ? [1, 0] : source.numbers(field) };
    }
    case 'PolynomialFunction': {
      const field = source.find(element, 'coefficients');
      if (field === undefined) return unsupported(source, element, 'a PolynomialFunction without coefficients');
      return { type: 'polynomial', coefficients: source.numbers(field) };
    }
    case 'SimmSpline':
    case 'NaturalCubicSpline':
      return readTable(source, element, 'simm_spline');
    case 'PiecewiseLinearFunction':
      return readTable(source, element, 'piecewise_linear');
    case 'MultiplierFunction': {
      const inner = readWrappedFunction(source, element);
      if (inner === undefined) return unsupported(source, element, 'a MultiplierFunction without a function');
      const scale = source.find(element, 'scale');
      return { type: 'multiplier', scale: scale === undefined ? 1 : source.numbers(scale, 1)[0], function: inner };
    }
    default:
      return unsupported(source, element, `a ${element.name}`);
  }
}

/** The function inside an element such as `<function>` or `<x_location>`; undefined when it is empty. */
export function readInnerFunction(source: OsimSource, element: XmlElement): FunctionDescription | undefined {
  return element.children.length === 0 ? undefined : readFunction(source, element.children[0]);
}

/**
 * The function of a transform axis or multiplier: inside `<function>` (until file version 30000), or the element
 * that is named "function" itself (from 40000).
 */
export function readWrappedFunction(source: OsimSource, element: XmlElement): FunctionDescription | undefined {
  const wrapper = source.find(element, 'function');
  if (wrapper !== undefined) return readInnerFunction(source, wrapper);
  const named = element.children.find((c) => c.attributes.name === 'function' && c.name !== 'function');
  return named === undefined ? undefined : readFunction(source, named);
}

function readTable(source: OsimSource, element: XmlElement, type: 'simm_spline' | 'piecewise_linear') {
  const [xField, yField] = [source.find(element, 'x'), source.find(element, 'y')];
  const x = xField === undefined ? [] : source.numbers(xField);
  const y = yField === undefined ? [] : source.numbers(yField);
  if (x.length !== y.length) {
    throw source.error(element, `the ${element.name} has ${x.length} x values and ${y.length} y values.`);
  }
  if (x.length < 2) return unsupported(source, element, `a ${element.name} of fewer than two points`);
  if (x.some((value, i) => i > 0 && !(value > x[i - 1]))) {
    return unsupported(source, element, `a ${element.name} whose x values do not increase`);
  }
  return { type, x, y } as const;
}

function unsupported(source: OsimSource, element: XmlElement, what: string): FunctionDescription {
  return { type: 'unsupported', why: `${what} in line ${element.line} of ${source.where}` };
}
