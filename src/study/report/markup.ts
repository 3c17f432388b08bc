/** Markup from strings: everything a user wrote passes through `escapeText`. */

/** Values of attributes; `undefined` leaves the attribute out. */
export type Attributes = { readonly [name: string]: string | number | undefined };

const entities: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** `text` as character data for HTML and XML, in content and in attributes. Characters that XML forbids become U+FFFD. */
export function escapeText(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => entities[character])
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}

/**
 * One element. Attribute values are escaped here; `content` is markup already.
 * Numbers are coordinates and keep two decimals.
 * @throws Error for a number that is not finite: a figure must never show one
 */
export function element(name: string, attributes: Attributes = {}, content: string | readonly string[] = ''): string {
  let open = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    open += ` ${key}="${typeof value === 'number' ? roundCoordinate(value, key) : escapeText(value)}"`;
  }
  const inside = typeof content === 'string' ? content : content.join('');
  return inside === '' && voidElements.has(name) ? `${open}/>` : `${open}>${inside}</${name}>`;
}

/** An element that holds plain text. */
export function textElement(name: string, text: string, attributes: Attributes = {}): string {
  return element(name, attributes, escapeText(text));
}

const voidElements = new Set(['meta', 'br', 'hr', 'line', 'rect', 'circle', 'path', 'polygon']);

function roundCoordinate(value: number, key: string): string {
  if (!Number.isFinite(value)) throw new Error(`The attribute ${key} of a figure is ${value}.`);
  return String(Math.round(value * 100) / 100);
}
