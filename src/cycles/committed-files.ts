import { sha256Hex } from '../kernel/digest.ts';
import { EVIDENCE_PATH, PROPOSALS_PATH } from '../kernel/governed-paths.ts';
import { type Problem, problem } from '../kernel/problem.ts';
import { decodeUtf8 } from '../kernel/text/decode-utf8.ts';
import { type Evidence, MAX_DOCUMENT_BYTES } from '../learning/index.ts';
import type { GitRepository, TreeFile } from './git-port.ts';
import type { GovernedSource } from './work-tree-port.ts';

/** Texts by path. */
export type Texts = ReadonlyMap<string, string>;

/** The governed files of a commit: what is there, and the texts that were asked for. */
export interface CommittedFiles {
  readonly files: ReadonlyMap<string, TreeFile>;
  readonly texts: Texts;
  readonly problems: readonly Problem[];
}

/** Lists a commit's files below prefixes and reads those that `wanted` names. Links and submodules are problems. */
export async function readCommitted(
  git: Pick<GitRepository, 'list' | 'read'>,
  commit: string,
  prefixes: readonly string[],
  wanted: (path: string) => boolean,
): Promise<CommittedFiles> {
  const files = await git.list(commit, prefixes);
  const regular = files.filter(({ mode }) => mode.startsWith('100'));
  const problems = files
    .filter(({ mode }) => !mode.startsWith('100'))
    .map(({ path }) => problem('LINK_REFUSED', {}, { file: path }));
  const asked = regular.filter(({ path }) => wanted(path));
  const blobs = await git.read(asked.map(({ oid }) => oid));
  const texts = new Map<string, string>();
  for (const [i, { path }] of asked.entries()) {
    const text = decodeUtf8(blobs[i] as Uint8Array);
    if (text === null) problems.push(problem('UTF8_INVALID', {}, { file: path }));
    else texts.set(path, text);
  }
  return { files: new Map(regular.map((file) => [file.path, file])), texts, problems };
}

/** Texts as the loops read them: evidence in order of path, everything else by name. */
export function sourceOf(texts: Texts): GovernedSource {
  return {
    readText: (path) => texts.get(path) ?? null,
    readEvidence: (evidence) => {
      for (const path of [...texts.keys()].filter(isEvidencePath).sort())
        addEvidence(evidence, path, texts.get(path) ?? '');
    },
  };
}

const EVIDENCE_FOLDER = `${EVIDENCE_PATH}/`;

/** Whether a path is an evidence file: nothing hidden. */
export function isEvidencePath(path: string): boolean {
  if (!path.startsWith(EVIDENCE_FOLDER) || path.includes('/.')) return false;
  return path.endsWith('.json') || path.endsWith('.jsonl');
}

/** Ids of the proposal folders among some paths. */
export function proposalIdsIn(paths: Iterable<string>): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const path of paths) {
    if (path.startsWith(`${PROPOSALS_PATH}/live_promotion_`)) ids.add(path.split('/')[2] ?? '');
  }
  return ids;
}

function addEvidence(evidence: Evidence, path: string, text: string): void {
  const isDocument = !path.endsWith('.jsonl');
  const bytes = isDocument ? sizeInBytes(text) : 0;
  if (bytes > MAX_DOCUMENT_BYTES) {
    const args = { bytes: String(bytes), limit: String(MAX_DOCUMENT_BYTES) };
    return evidence.report(problem('FILE_TOO_LARGE', args, { file: path }));
  }
  const file = evidence.addFile(path, sha256Hex(text));
  if (isDocument) return evidence.addDocument(file, text);
  const lines = text.split('\n');
  for (const [i, line] of lines.entries()) {
    evidence.addLine(file, i + 1, line.endsWith('\r') ? line.slice(0, -1) : line, i === lines.length - 1);
  }
}

/** Bytes of a text in UTF-8; only a long text needs counting, for it has at most three a character. */
function sizeInBytes(text: string): number {
  return text.length * 3 > MAX_DOCUMENT_BYTES ? new TextEncoder().encode(text).length : text.length;
}
