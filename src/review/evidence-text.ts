import { DECISIONS_PATH } from '../kernel/governed-paths.ts';
import { markdownLineCode } from '../kernel/text/escape-markdown.ts';
import { EVIDENCE_BRANCH } from './branches.ts';
import { type BodyPart, fitBody } from './fit-body.ts';
import { formatLabels } from './labels.ts';
import type { PullText } from './pull-text.ts';
import { formatState } from './state-block.ts';
import { fileUrl, type WebPlace } from './web-place.ts';

/** What a branch with evidence only adds to the base. */
export interface StandingEvidence {
  /** Paths, sorted. */
  readonly files: readonly string[];
  readonly head: string;
  readonly web: WebPlace;
}

/** The pull request of a cycle that found new evidence and proposed nothing. */
export function buildEvidenceText({ files, head, web }: StandingEvidence): PullText {
  const evidence = files.filter((path) => !path.startsWith(`${DECISIONS_PATH}/`));
  const decisions = files.filter((path) => path.startsWith(`${DECISIONS_PATH}/`));
  const count = evidence.length === 1 ? '1 new evidence file' : `${evidence.length} new evidence files`;
  const state = formatState({
    version: 1,
    branch: EVIDENCE_BRANCH,
    head,
    proposal_id: null,
    change_set_digest: null,
    closed: null,
    declined: [],
  });
  const list = (title: string, paths: readonly string[]): BodyPart => ({
    head: paths.length === 0 ? '' : `### ${title}`,
    blocks: paths.map((path) => `- [${markdownLineCode(path)}](${fileUrl(web, head, path)})`),
    separator: '\n',
    pointer: (left) => `${left} more are in the files of this pull request.`,
  });
  const intro = `${count}, and nothing to propose. Merging keeps the evidence; it changes no live value. The decisions say why nothing was proposed.`;
  const parts = [
    { head: '', blocks: [intro], separator: '', pointer: () => '' },
    list('Decisions', decisions),
    list('Evidence', evidence),
  ];
  return { title: `Keep ${count}`, body: fitBody(parts, state), labels: formatLabels(null) };
}
