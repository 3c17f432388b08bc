/** `make`, whose result is kept for as long as its argument is: what several sections of one report need is calculated once. */
export function remember<A extends object, B>(make: (of: A) => B): (of: A) => B {
  const kept = new WeakMap<A, { readonly made: B }>();
  return (of) => {
    const known = kept.get(of) ?? { made: make(of) };
    kept.set(of, known);
    return known.made;
  };
}
