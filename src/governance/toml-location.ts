import { type AST, getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';

/** A place in a text, from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/**
 * Finds where keys stand in a TOML text that is known to be valid. Answers nothing, and never throws, for a text that its own
 * parser does not take: a place is a help, not a verdict.
 */
export function locateTomlKeys(
  text: string,
): (path: readonly (string | number)[]) => TextPosition | undefined {
  const places = new Map<string, TextPosition>();
  try {
    collectPlaces(parseTOML(text, { tomlVersion: 'next' }), places);
  } catch {
    // found so far is found
  }
  return (path) => nearest(path, places);
}

function collectPlaces(program: AST.TOMLProgram, places: Map<string, TextPosition>): void {
  for (const node of program.body[0].body) {
    if (node.type === 'TOMLKeyValue') {
      visitKeyValue(node, [], places);
      continue;
    }
    const prefix = node.resolvedKey;
    const names = node.key.keys;
    remember(places, prefix, node.key);
    for (const [i, key] of names.entries())
      remember(places, prefix.slice(0, i + 1 + prefix.length - names.length), key);
    for (const child of node.body) visitKeyValue(child, prefix, places);
  }
}

function visitKeyValue(
  node: AST.TOMLKeyValue,
  prefix: readonly (string | number)[],
  places: Map<string, TextPosition>,
): void {
  const names = node.key.keys.map((key) => String(getStaticTOMLValue(key)));
  names.forEach((_, i) => {
    const key = node.key.keys[i];
    if (key !== undefined) remember(places, [...prefix, ...names.slice(0, i + 1)], key);
  });
  visitValue(node.value, [...prefix, ...names], places);
}

function visitValue(
  value: AST.TOMLContentNode,
  path: readonly (string | number)[],
  places: Map<string, TextPosition>,
): void {
  if (value.type === 'TOMLInlineTable') for (const child of value.body) visitKeyValue(child, path, places);
  if (value.type !== 'TOMLArray') return;
  value.elements.forEach((element, i) => {
    remember(places, [...path, i], element);
    visitValue(element, [...path, i], places);
  });
}

function remember(
  places: Map<string, TextPosition>,
  path: readonly (string | number)[],
  node: AST.TOMLNode,
): void {
  const key = JSON.stringify(path.map(String));
  if (!places.has(key)) places.set(key, { line: node.loc.start.line, column: node.loc.start.column + 1 });
}

/** The key itself, or else the nearest table around it: for what is missing. */
function nearest(
  path: readonly (string | number)[],
  places: Map<string, TextPosition>,
): TextPosition | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const place = places.get(JSON.stringify(path.slice(0, length).map(String)));
    if (place !== undefined) return place;
  }
  return undefined;
}
