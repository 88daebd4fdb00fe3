import {
  type AutoApplyPolicy,
  type Derivation,
  formatPatchesArtifact,
  formatProposalFolder,
  type Lane,
  type ProposalMeta,
  parseProposalMeta,
  toPatchRecords,
  toProposalMeta,
} from '../governance/index.ts';
import { sha256Hex } from '../kernel/digest.ts';
import {
  AUTO_TOML_PATH,
  DECISIONS_PATH,
  LEARNING_OVERRIDE_PATH,
  PROPOSALS_PATH,
} from '../kernel/governed-paths.ts';
import { formatCompactInstant, formatInstant, type Instant } from '../kernel/instant.ts';
import { type Problem, problem } from '../kernel/problem.ts';
import { escapeCommitLine } from '../kernel/text/escape-trailer.ts';
import { formatOverrideFile } from '../liveconfig/index.ts';
import { EVIDENCE_BRANCH } from '../review/index.ts';
import { isEvidencePath, proposalIdsIn, type Texts } from './committed-files.ts';

/** A published cycle holds at most this much beside its evidence (product.md §2). */
const MAX_DECISIONS = 2000;
const MAX_BYTES = 2_000_000;

/** What one branch should hold on top of the base. */
export interface BranchContent {
  readonly branch: string;
  readonly files: Texts;
  readonly message: string;
  readonly proposalId: string | null;
  /** Whether what the branch adds to the base already says the same, so that nothing is to be written. */
  readonly isAlready: (standing: Texts) => boolean;
}

/** The proposal of a lane, with the new evidence, the override file and `auto.toml` as merging would leave it. */
export function laneContent(
  branch: string,
  lane: Lane,
  derivation: Derivation,
  policy: AutoApplyPolicy,
  evidence: Texts,
): readonly BranchContent[] {
  const proposal = derivation.proposals.find((candidate) => candidate.lane === lane);
  if (proposal === undefined) return [];
  const meta = toProposalMeta(proposal);
  const files = new Map([
    ...evidence,
    [LEARNING_OVERRIDE_PATH, formatOverrideFile(derivation.learningOverride)],
    [AUTO_TOML_PATH, formatOverrideFile(derivation.autoTomlAfter(lane))],
    ...formatProposalFolder(proposal, policy),
  ]);
  const trailers = [
    `Peak-Proposal: ${meta.proposal_id}`,
    `Peak-Digest: ${meta.change_set_digest}`,
    `Peak-Lane: ${lane}`,
  ];
  const message = `${escapeCommitLine(proposal.title)}\n\n${escapeCommitLine(proposal.description)}\n\n${trailers.join('\n')}\n`;
  return [
    {
      branch,
      files,
      message,
      proposalId: proposal.proposalId,
      isAlready: (standing) => isSameProposal(standing, meta),
    },
  ];
}

/** New evidence of a cycle that proposed nothing, with its decisions; nothing when there is no new evidence. */
export function evidenceContent(
  derivation: Derivation,
  clock: Instant,
  evidence: Texts,
): readonly BranchContent[] {
  if (evidence.size === 0) return [];
  const digest = sha256Hex(JSON.stringify([...evidence].sort()));
  const id = `decisions_${formatCompactInstant(clock)}_${digest.slice(0, 8)}`;
  const decisions = formatPatchesArtifact(
    id,
    formatInstant(clock),
    toPatchRecords(derivation.patches, derivation.decisions),
  );
  const files = new Map([...evidence, [`${DECISIONS_PATH}/${id}.json`, decisions]]);
  const count = evidence.size === 1 ? '1 new evidence file' : `${evidence.size} new evidence files`;
  const message = `Keep ${count}; nothing to propose\n\nThe decisions stand in ${DECISIONS_PATH}/${id}.json.\n`;
  return [
    {
      branch: EVIDENCE_BRANCH,
      files,
      message,
      proposalId: null,
      isAlready: (standing) => holdsExactly(standing, evidence),
    },
  ];
}

/** More than a published cycle may hold, or a proposal that the base holds already, whose folder is immutable. */
export function findLimitFaults(
  { decisions }: Derivation,
  contents: readonly BranchContent[],
  committed: ReadonlyMap<string, unknown>,
): readonly Problem[] {
  const faults: Problem[] = [];
  if (decisions.length > MAX_DECISIONS) {
    faults.push(
      problem('PUBLISH_LIMIT', {
        observed: String(decisions.length),
        what: 'decisions',
        required: String(MAX_DECISIONS),
      }),
    );
  }
  for (const { files, branch, proposalId } of contents) {
    const folder = `${PROPOSALS_PATH}/${proposalId}/`;
    if (proposalId !== null && [...committed.keys()].some((path) => path.startsWith(folder)))
      faults.push(problem('PROPOSAL_ON_BASE', { id: proposalId }, { file: folder.slice(0, -1) }));
    const bytes = [...files].reduce(
      (sum, [path, text]) => sum + (isEvidencePath(path) ? 0 : new TextEncoder().encode(text).length),
      0,
    );
    if (bytes > MAX_BYTES) {
      faults.push(
        problem('PUBLISH_LIMIT', {
          observed: String(bytes),
          what: `bytes on ${branch}`,
          required: String(MAX_BYTES),
        }),
      );
    }
  }
  return faults;
}

/**
 * The standing proposal has the same change set, and policy, base configuration and `auto.toml` have not moved (judge.md §4). In the
 * auto lane nobody presses "Update branch", which its protection asks for: there any later tip is a moved base.
 */
function isSameProposal(standing: Texts, meta: ProposalMeta): boolean {
  const ids = [...proposalIdsIn(standing.keys())];
  if (ids.length !== 1) return false;
  const file = `${PROPOSALS_PATH}/${ids[0]}/proposal_meta.json`;
  const found = parseProposalMeta(standing.get(file) ?? '', file);
  if (!found.ok || found.value.change_set_digest !== meta.change_set_digest) return false;
  if (meta.lane === 'auto' && found.value.base_commit !== meta.base_commit) return false;
  return governing(found.value) === governing(meta);
}

/** What a base must not have moved under a proposal. */
function governing({
  inputs,
}: {
  readonly inputs: Pick<ProposalMeta['inputs'], 'policy' | 'base_config' | 'auto_toml'>;
}): string {
  return JSON.stringify([inputs.policy, inputs.base_config, inputs.auto_toml]);
}

function holdsExactly(standing: Texts, evidence: Texts): boolean {
  const paths = [...standing.keys()].filter(isEvidencePath);
  return paths.length === evidence.size && paths.every((path) => standing.get(path) === evidence.get(path));
}
