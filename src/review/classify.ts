import {
  AUDIT_PATH,
  AUTO_TOML_PATH,
  BASE_CONFIG_PATH,
  DECISIONS_PATH,
  EVIDENCE_PATH,
  LEARNING_OVERRIDE_PATH,
  POLICY_PATH,
  PROPOSALS_PATH,
} from '../kernel/governed-paths.ts';
import { canonicalPath, isOverlong, pathMatches } from './path-pattern.ts';

/**
 * What a path is to the judge (judge.md §3). `reserved`: above, below or beside governed files, where nothing else may be; or longer
 * than a path can be.
 */
export type PathClass =
  | 'auto_toml'
  | 'learning_override'
  | 'policy'
  | 'config'
  | 'proposal'
  | 'evidence'
  | 'decisions'
  | 'machinery'
  | 'reserved'
  | 'unrelated';

/** A path with its class; `twinOf` where only a careless file system takes it for a governed one. */
export interface PathPlace {
  readonly class: PathClass;
  readonly twinOf: string | null;
}

/** What the policy adds to the fixed paths. */
export interface ClassScope {
  readonly layers: readonly string[];
  /** `[machinery] paths`. */
  readonly machinery: readonly string[];
}

const FOLDERS: readonly (readonly [string, PathClass])[] = [
  [PROPOSALS_PATH, 'proposal'],
  [EVIDENCE_PATH, 'evidence'],
  [DECISIONS_PATH, 'decisions'],
  // Acknowledgements of an audit (judge.md §6).
  [AUDIT_PATH, 'policy'],
  ['config/live_overrides', 'reserved'],
  ['config/auto', 'reserved'],
  // Local state: a lock that was merged would stop every run, and a link would lead its writes elsewhere.
  ['.peak', 'reserved'],
];

/** Names that guard the guard wherever they stand, and those that do at the root (judge.md §3). */
const MACHINERY_NAMES: ReadonlySet<string> = new Set(['codeowners', '.gitattributes', '.gitmodules']);
const MACHINERY_AT_ROOT = ['.github/**', 'app.yml', 'action.yml', 'action.yaml'];

/** The class of a path: the same for every spelling that some file system takes for it. */
export function classifyPath(path: string, scope: ClassScope): PathPlace {
  if (isOverlong(path)) return { class: 'reserved', twinOf: null };
  const found = path.startsWith('/') ? null : (findFile(path, scope.layers) ?? findFolder(path));
  if (found !== null) return found;
  const relative = path.startsWith('/') ? path.slice(1) : path;
  const name = canonicalPath(relative).split('/').at(-1) ?? '';
  const isMachinery =
    MACHINERY_NAMES.has(name) ||
    MACHINERY_AT_ROOT.some((pattern) => pathMatches(pattern, relative)) ||
    (relative === path && scope.machinery.some((pattern) => pathMatches(pattern, path)));
  return { class: isMachinery ? 'machinery' : 'unrelated', twinOf: null };
}

function findFile(path: string, layers: readonly string[]): PathPlace | null {
  const files: readonly (readonly [string, PathClass])[] = [
    [AUTO_TOML_PATH, 'auto_toml'],
    [LEARNING_OVERRIDE_PATH, 'learning_override'],
    [POLICY_PATH, 'policy'],
    [BASE_CONFIG_PATH, 'config'],
    ...layers.map((layer) => [layer, 'config'] as const),
  ];
  for (const [file, fileClass] of files) {
    const relation = relate(path, file);
    if (relation === 'is') return { class: fileClass, twinOf: path === file ? null : file };
    if (relation !== 'apart') return { class: 'reserved', twinOf: null };
  }
  return null;
}

function findFolder(path: string): PathPlace | null {
  for (const [folder, folderClass] of FOLDERS) {
    const relation = relate(path, folder);
    if (relation === 'apart') continue;
    if (relation !== 'below') return { class: 'reserved', twinOf: null };
    return { class: folderClass, twinOf: path.startsWith(`${folder}/`) ? null : `${folder}/` };
  }
  return null;
}

function relate(path: string, governed: string): 'is' | 'below' | 'above' | 'apart' {
  const one = canonicalPath(path);
  const other = canonicalPath(governed);
  if (one === other) return 'is';
  if (one.startsWith(`${other}/`)) return 'below';
  return other.startsWith(`${one}/`) ? 'above' : 'apart';
}

/** What kind of change a pull request is. The judge has one list of rules for each. */
export type ChangeKind =
  | 'promotion'
  | 'rollback'
  | 'evidence'
  | 'policy'
  /** Adds a policy where the base has none. */
  | 'first_policy'
  | 'config'
  | 'machinery'
  | 'unrelated';

/** What may come along with the main class of a kind. */
const COMPANIONS: Readonly<Record<ChangeKind, readonly PathClass[]>> = {
  promotion: ['proposal', 'auto_toml', 'learning_override', 'evidence', 'decisions'],
  rollback: ['auto_toml', 'proposal', 'learning_override', 'evidence', 'decisions'],
  evidence: ['evidence', 'decisions'],
  policy: ['policy'],
  // A repository is set up in one go; nothing live may change by it.
  first_policy: ['policy', 'config', 'auto_toml', 'learning_override', 'evidence', 'machinery', 'unrelated'],
  // `auto.toml` for a graduation, which takes overrides away that the base now holds.
  config: ['config', 'auto_toml'],
  // Code comes with its tests and documents; the approvals cover all of it.
  machinery: ['machinery', 'unrelated'],
  unrelated: ['unrelated'],
};

/**
 * The kind of a change, from its classes: the most dangerous part decides. `addsProposal`: whether a file of a new proposal
 * folder is added.
 */
export function kindOf(classes: ReadonlySet<PathClass>, addsProposal: boolean): ChangeKind {
  if (addsProposal) return 'promotion';
  if (classes.has('config')) return 'config';
  if (classes.has('auto_toml') || classes.has('proposal')) return 'rollback';
  if (classes.has('learning_override')) return 'promotion';
  if (classes.has('policy')) return 'policy';
  if (classes.has('evidence') || classes.has('decisions')) return 'evidence';
  return classes.has('machinery') ? 'machinery' : 'unrelated';
}

/** Whether a path's class may be part of a change of this kind. */
export function isCompanion(pathClass: PathClass, kind: ChangeKind): boolean {
  return COMPANIONS[kind].includes(pathClass);
}
