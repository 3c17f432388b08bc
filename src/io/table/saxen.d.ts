/** The part of saxen (which ships no types) that is used here. */
declare module 'saxen' {
  type Decode = (text: string) => string;

  export class Parser {
    on(
      event: 'openTag',
      handler: (
        name: string,
        getAttributes: () => Record<string, string>,
        decode: Decode,
        selfClosing: boolean,
        getContext: () => { line: number; column: number },
      ) => void,
    ): this;
    on(event: 'closeTag', handler: (name: string) => void): this;
    on(event: 'text', handler: (text: string, decode: Decode) => void): this;
    on(event: 'cdata', handler: (text: string) => void): this;
    on(
      event: 'error' | 'warn',
      handler: (error: Error, getContext: () => { line: number; column: number }) => void,
    ): this;
    parse(xml: string): void;
  }
}
