import ts from 'typescript';

/** Where a source text uses a name of the world around it. */
export interface GlobalUse {
  readonly name: string;
  /** From 1. */
  readonly line: number;
}

/**
 * Global names that give a function more than its arguments: time, randomness, the process, the network, the
 * console, and the ways around this list. CONTRIBUTING.md, "Pure folders", has the reasons.
 */
const FORBIDDEN: ReadonlySet<string> = new Set([
  'Date',
  'Math.random',
  'clearImmediate',
  'clearInterval',
  'clearTimeout',
  'console',
  'crypto',
  'eval',
  'fetch',
  'global',
  'globalThis',
  'performance',
  'process',
  'queueMicrotask',
  'require',
  'setImmediate',
  'setInterval',
  'setTimeout',
]);

/**
 * Which forbidden global names a TypeScript text uses as values.
 *
 * Property names (`clock.process`), types (`Date` in `at: Date`), names declared in the text itself, and comments
 * do not count.
 */
export function findGlobalUses(fileName: string, text: string): readonly GlobalUse[] {
  const { source, checker } = bindAlone(fileName, text);
  const uses: GlobalUse[] = [];
  const visit = (node: ts.Node): void => {
    if (isErased(node)) return;
    const name = forbiddenName(node, checker);
    if (name !== undefined) {
      uses.push({ name, line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return uses;
}

/** The text as a program of its own, without any library: a name that it does not declare has no declaration. */
function bindAlone(fileName: string, text: string): { source: ts.SourceFile; checker: ts.TypeChecker } {
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.ES2022, true);
  const options: ts.CompilerOptions = { noLib: true, noResolve: true, types: [] };
  const host: ts.CompilerHost = {
    fileExists: (name) => name === fileName,
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => '/',
    getDefaultLibFileName: () => 'lib.d.ts',
    getNewLine: () => '\n',
    getSourceFile: (name) => (name === fileName ? source : undefined),
    readFile: (name) => (name === fileName ? text : undefined),
    useCaseSensitiveFileNames: () => true,
    writeFile: () => undefined,
  };
  return { source, checker: ts.createProgram([fileName], options, host).getTypeChecker() };
}

/** Types and declarations of types. `class A extends Date` is a type node to TypeScript, and yet a value. */
function isErased(node: ts.Node): boolean {
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (ts.isExpressionWithTypeArguments(node)) {
    return ts.isHeritageClause(node.parent) && node.parent.token === ts.SyntaxKind.ImplementsKeyword;
  }
  return ts.isTypeNode(node);
}

function forbiddenName(node: ts.Node, checker: ts.TypeChecker): string | undefined {
  if (!ts.isIdentifier(node)) return undefined;
  const name = node.text === 'Math' ? 'Math.random' : node.text;
  if (!FORBIDDEN.has(name) || isHarmlessMath(node) || isPropertyName(node)) return undefined;
  return isDeclaredHere(node, checker) ? undefined : name;
}

/** `Math.floor(…)` is harmless; `Math.random` and `Math['random']` are not, `const { random } = Math` may not be. */
function isHarmlessMath(node: ts.Identifier): boolean {
  const { parent } = node;
  if (node.text !== 'Math' || !ts.isPropertyAccessExpression(parent)) return false;
  return parent.expression === node && parent.name.text !== 'random';
}

/** Whether the identifier only names a member of something, or a module's export under its outside name. */
function isPropertyName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isBindingElement(parent) || ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) {
    return parent.propertyName === node;
  }
  const isMember =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isAccessor(parent) ||
    ts.isEnumMember(parent);
  return isMember && parent.name === node;
}

/** Whether the text itself declares the name, as more than a `declare` about the world around it. */
function isDeclaredHere(node: ts.Identifier, checker: ts.TypeChecker): boolean {
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node);
  const declarations = symbol?.declarations ?? [];
  return declarations.some((at) => (ts.getCombinedModifierFlags(at) & ts.ModifierFlags.Ambient) === 0);
}
