import { EVIDENCE_PATH } from '../kernel/governed-paths.ts';
import { type Problem, problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import type { ForeignEntry, ForeignFolder } from './foreign-folder-port.ts';
import type { WorkTree } from './work-tree-port.ts';

/** A pull request shows at most 3,000 files (GitHub: `pulls/files`); a night's evidence is a few dozen. */
const MAX_FILES = 1000;
/** A signal of 1,000 changes is 200 kB. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;
/** All of it travels in one request to GitHub, and is judged within limits (judge.md §7). */
const MAX_TOTAL_BYTES = 16 * 1024 * 1024;
/** Deeper folders, and longer paths, fit on no file system everywhere (Windows: 260 characters with the checkout's own). */
const MAX_PARTS = 5;
const MAX_PATH_LENGTH = 150;

/** Every part of a path but the last; a folder without a point can never be taken for an evidence file. */
const FOLDER_NAME = /^[A-Za-z0-9_][A-Za-z0-9_-]*$/;
const FILE_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]*\.jsonl?$/;
/** Names that Windows takes for devices, with any ending (Microsoft: Naming Files, Paths, and Namespaces). */
const DEVICE_NAME = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** What an import did, as paths below the governed root, sorted. */
export interface ImportReport {
  readonly imported: readonly string[];
  /** There already, byte for byte. */
  readonly already: readonly string[];
}

/**
 * Takes evidence from a folder that nobody vouches for, such as the artifact of another job. It can only add new files below
 * `reports/learning_snippets/`: a link, a name that leads elsewhere, a file that is there with other content, case twins, or
 * too much of anything refuse the whole folder with all reasons, before anything is written. What the files say is not
 * looked at here: evidence is never trusted.
 */
export function importEvidence(
  workTree: WorkTree,
  foreign: ForeignFolder,
  dryRun: boolean,
): Result<ImportReport> {
  const entries = foreign.list(MAX_FILES);
  if (entries === null) return fail(limitFault('files and folders', `over ${MAX_FILES}`, MAX_FILES));
  const faults = findEntryFaults(entries);
  if (faults.length > 0) return fail(...faults);
  const texts = readTexts(foreign, entries);
  if (!texts.ok) return texts;
  const run = () => addTexts(workTree, texts.value, dryRun);
  return dryRun ? run() : workTree.exclusively(run);
}

function findEntryFaults(entries: readonly ForeignEntry[]): readonly Problem[] {
  const total = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return [
    ...entries.flatMap((entry) => findEntryFault(entry) ?? []),
    ...findTwins(entries.map(({ path }) => path)),
    ...(total > MAX_TOTAL_BYTES ? [limitFault('bytes in all', String(total), MAX_TOTAL_BYTES)] : []),
  ];
}

function findEntryFault({ path, kind, sizeBytes }: ForeignEntry): Problem | null {
  if (kind === 'link') return problem('LINK_REFUSED', {}, { file: path });
  if (kind === 'other') return problem('NOT_A_FILE', {}, { file: path });
  const reason = findNameFault(path);
  if (reason !== null) return problem('IMPORT_NAME', { reason }, { file: path });
  return sizeBytes > MAX_FILE_BYTES ? sizeFault(path, String(sizeBytes)) : null;
}

function findNameFault(path: string): string | null {
  const parts = path.split('/');
  if (path.length > MAX_PATH_LENGTH) return `is longer than ${MAX_PATH_LENGTH} characters`;
  if (parts.length > MAX_PARTS) return `lies deeper than ${MAX_PARTS - 1} folders`;
  if (parts.some((part) => DEVICE_NAME.test(part))) return 'is the name of a device on Windows';
  if (!parts.slice(0, -1).every((part) => FOLDER_NAME.test(part))) return 'has a folder that is not allowed';
  return FILE_NAME.test(parts.at(-1) ?? '') ? null : 'is none of an evidence file';
}

/** Two paths, or the folders above them, that only differ by case. Every pair is told once. */
function findTwins(paths: readonly string[]): readonly Problem[] {
  const seen = new Map<string, string>();
  const twins = new Map<string, string>();
  for (const path of paths) {
    for (const part of prefixesOf(path)) {
      const known = seen.get(part.toLowerCase()) ?? part;
      seen.set(part.toLowerCase(), known);
      if (known !== part) twins.set(part, known);
    }
  }
  return [...twins].map(([file, other]) => problem('IMPORT_TWIN', { other }, { file }));
}

/** `a/b/c` → `a`, `a/b`, `a/b/c`. */
function prefixesOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

function readTexts(
  foreign: ForeignFolder,
  entries: readonly ForeignEntry[],
): Result<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { path } of entries) {
    const text = foreign.readText(path, MAX_FILE_BYTES);
    if (typeof text === 'string') texts.set(`${EVIDENCE_PATH}/${path}`, text);
    else
      problems.push(
        text === null
          ? problem('UTF8_INVALID', {}, { file: path })
          : sizeFault(path, `over ${MAX_FILE_BYTES}`),
      );
  }
  return problems.length === 0 ? ok(texts) : fail(...problems);
}

function addTexts(
  workTree: WorkTree,
  texts: ReadonlyMap<string, string>,
  dryRun: boolean,
): Result<ImportReport> {
  const problems: Problem[] = [];
  const imported: string[] = [];
  const already: string[] = [];
  for (const [path, text] of texts) {
    const twin = findStandingTwin(workTree, path);
    const standing = twin === null ? workTree.readText(path) : null;
    if (twin !== null) problems.push(problem('IMPORT_TWIN', { other: twin }, { file: path }));
    else if (standing === null) imported.push(path);
    else if (standing === text) already.push(path);
    else problems.push(problem('SIGNAL_EXISTS', {}, { file: path }));
  }
  if (problems.length > 0) return fail(...problems);
  if (!dryRun) for (const path of imported) workTree.write(path, texts.get(path) as string);
  return ok({ imported, already });
}

/** A file or folder that stands in the evidence folder already and differs by case only, or null. */
function findStandingTwin(workTree: WorkTree, path: string): string | null {
  for (const prefix of prefixesOf(path).slice(EVIDENCE_PATH.split('/').length)) {
    const end = prefix.lastIndexOf('/');
    const [folder, name] = [prefix.slice(0, end), prefix.slice(end + 1)];
    const names = workTree.listNames(folder);
    const twin = names.find((found) => found !== name && found.toLowerCase() === name.toLowerCase());
    if (twin !== undefined) return `${folder}/${twin}`;
  }
  return null;
}

function sizeFault(file: string, observed: string): Problem {
  return { ...limitFault('bytes', observed, MAX_FILE_BYTES), file };
}

function limitFault(what: string, observed: string, limit: number): Problem {
  return problem('IMPORT_LIMIT', { observed, what, required: String(limit) });
}
