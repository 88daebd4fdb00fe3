/** Names that every request on the wire is made of, in tests of single requests. */
/** An address that is nobody's. */
export const API = 'https://api.github.example';
/** Commits and trees. */
export const [BASE, HEAD, TREE, NEW] = ['b', 'c', 'd', 'e'].map((digit) => digit.repeat(40)) as [
  string,
  string,
  string,
  string,
];
/** The repository. */
export const PLACE = { owner: 'acme', repo: 'trading' };
/** Its paths start with this. */
export const IN = '/repos/acme/trading';
/** The first page of a list. */
export const PAGE = 'per_page=100&page=1';

/** A request, as it was on the wire. */
export interface Shape {
  readonly request: string;
  readonly body?: unknown;
}

/** Something that asks GitHub, and what it must ask. */
export type Flow = readonly [run: () => unknown, shapes: readonly Shape[]];
