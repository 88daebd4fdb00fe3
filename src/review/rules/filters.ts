import {
  AUTO_TOML_PATH,
  BASE_CONFIG_PATH,
  EVIDENCE_PATH,
  LEARNING_OVERRIDE_PATH,
  POLICY_PATH,
  PROPOSALS_PATH,
} from '../../kernel/governed-paths.ts';
import type { ReviewRule } from '../judgement.ts';
import { canonicalPath, pathMatches } from '../path-pattern.ts';
import { failed, type ReviewFinding } from '../review-finding.ts';

/** A file of each governed kind: what matches none of these matches nothing that is governed. */
const SAMPLES = [
  POLICY_PATH,
  BASE_CONFIG_PATH,
  AUTO_TOML_PATH,
  LEARNING_OVERRIDE_PATH,
  `${EVIDENCE_PATH}/signal.json`,
  `${EVIDENCE_PATH}/signals.jsonl`,
  `${PROPOSALS_PATH}/live_promotion_20260101T000000Z_00000000/proposal_meta.json`,
];
/** Attributes under which what is checked out are other bytes than what was judged (gitattributes(5)). */
const CONVERTING = ['filter', 'ident', 'working-tree-encoding', 'merge'];

/** Longer patterns, or ones with more `**`, are nobody's; matching them could take for ever (judge.md §7). */
const MAX_PATTERN = 200;
const MAX_STARS = 5;

/** No `.gitattributes` of the change gives a governed path a filter, a merge driver, `ident` or CRLF (judge.md §3, ungoverned). */
export const filters: ReviewRule = {
  name: 'filters',
  check: ({ snapshot: { head }, places }) =>
    [...places.keys()]
      .filter((path) => canonicalPath(path).split('/').at(-1) === '.gitattributes')
      .flatMap((path) => findFilters(path, head.texts.get(path) ?? '')),
};

function findFilters(file: string, text: string): readonly ReviewFinding[] {
  const folder = file.startsWith('/') ? '' : file.split('/').slice(0, -1).join('/');
  const samples = SAMPLES.filter((path) => folder === '' || path.startsWith(`${folder}/`)).map((path) =>
    folder === '' ? path : path.slice(folder.length + 1),
  );
  return text.split(/\r?\n/).flatMap((line, i) => {
    const [pattern = '', ...attributes] = line.trim().split(/[ \t]+/);
    const bad = attributes.find(isConverting);
    if (pattern === '' || pattern.startsWith('#') || bad === undefined) return [];
    const hit = pattern.startsWith('[attr]') ? pattern : samples.find((path) => isFor(pattern, path));
    return hit === undefined
      ? []
      : [failed('FILTER_REFUSED', { file, line: i + 1, observed: bad, required: hit })];
  });
}

function isConverting(attribute: string): boolean {
  const [name = '', value] = attribute.split('=');
  return CONVERTING.includes(name) || (name === 'eol' && value !== 'lf');
}

/** Without a slash a pattern is about names at any depth. In doubt (quotes, brackets, escapes) it is for this path. */
function isFor(pattern: string, path: string): boolean {
  if (/["[\]\\]/.test(pattern) || pattern.length > MAX_PATTERN || pattern.split('**').length > MAX_STARS)
    return true;
  const anchored = pattern.replace(/^\//, '');
  return pattern.includes('/') ? pathMatches(anchored, path) : pathMatches(`**/${anchored}`, path);
}
