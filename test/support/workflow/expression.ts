/** What an expression may name: `github`, `inputs`, `steps`, … as plain data. */
export type Contexts = Readonly<Record<string, unknown>>;
type Value = string | number | boolean | null;

const TOKEN = /\s*(?:('(?:[^']|'')*')|(\d+(?:\.\d+)?)|(&&|\|\||==|!=|[!()])|([A-Za-z_][\w.-]*))/y;

/** Fills `${{ … }}` into a text, as a runner does. Anything that this reader does not know throws. */
export function fillIn(text: string, contexts: Contexts): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) =>
    asText(evaluate(expression, contexts)),
  );
}

/** Whether a step or job runs: without `success()` or the like in it, a condition also asks that nothing failed before. */
export function holds(condition: string | undefined, contexts: Contexts, failed: boolean): boolean {
  const expression = (condition ?? 'success()').replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1');
  const asks = /\b(?:success|failure|always|cancelled)\(/.test(expression);
  const value = evaluate(expression, { ...contexts, failed });
  return truthy(value) && (asks || !failed);
}

function evaluate(expression: string, contexts: Contexts): Value {
  const tokens = tokenize(expression);
  let at = 0;
  const next = () => tokens[at++] ?? '';
  const peek = () => tokens[at];
  const or = (): Value => {
    let left = and();
    while (peek() === '||') {
      next();
      const right = and();
      left = truthy(left) ? left : right;
    }
    return left;
  };
  const and = (): Value => {
    let left = equality();
    while (peek() === '&&') {
      next();
      const right = equality();
      left = truthy(left) ? right : left;
    }
    return left;
  };
  const equality = (): Value => {
    const left = unary();
    if (peek() !== '==' && peek() !== '!=') return left;
    const isEqual = next() === '==';
    return (asText(left).toLowerCase() === asText(unary()).toLowerCase()) === isEqual;
  };
  const unary = (): Value => {
    if (peek() !== '!') return primary();
    next();
    return !truthy(unary());
  };
  const primary = (): Value => {
    const token = next();
    if (token === '(') {
      const inner = or();
      if (next() !== ')') throw new Error(`a parenthesis is missing: ${expression}`);
      return inner;
    }
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (/^\d/.test(token)) return Number(token);
    if (peek() === '(') return call(token, next(), next(), contexts);
    return lookUp(token, contexts);
  };
  const value = or();
  if (at !== tokens.length) throw new Error(`not understood: ${expression}`);
  return value;
}

function call(name: string, open: string, close: string, contexts: Contexts): Value {
  const known: Readonly<Record<string, boolean>> = {
    always: true,
    cancelled: false,
    success: contexts['failed'] !== true,
    failure: contexts['failed'] === true,
  };
  const value = open === '(' && close === ')' ? known[name] : undefined;
  if (value === undefined) throw new Error(`unknown function: ${name}`);
  return value;
}

function lookUp(path: string, contexts: Contexts): Value {
  if (path === 'true' || path === 'false') return path === 'true';
  let found: unknown = contexts;
  for (const [i, name] of path.split('.').entries()) {
    if (i === 0 && !Object.hasOwn(contexts, name)) throw new Error(`unknown context: ${path}`);
    found = typeof found === 'object' && found !== null ? (found as Record<string, unknown>)[name] : null;
  }
  return (found ?? null) as Value;
}

function tokenize(expression: string): readonly string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < expression.trimEnd().length) {
    const found = TOKEN.exec(expression);
    if (found === null) throw new Error(`not understood: ${expression}`);
    tokens.push(found[0].trim());
  }
  return tokens;
}

function truthy(value: Value): boolean {
  return value !== '' && value !== 0 && value !== false && value !== null;
}

function asText(value: Value): string {
  return value === null ? '' : String(value);
}
