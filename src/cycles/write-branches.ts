import { type AutoApplyPolicy, parsePatchesArtifact, parseProposalMeta } from '../governance/index.ts';
import { BugError } from '../kernel/app-error.ts';
import { PROPOSALS_PATH } from '../kernel/governed-paths.ts';
import { DAY_MS, formatInstant, type Instant, instantFromMs } from '../kernel/instant.ts';
import { type Problem, warning } from '../kernel/problem.ts';
import {
  buildClosingBody,
  buildEvidenceText,
  buildPromotionText,
  type ClosingReason,
  EVIDENCE_BRANCH,
  type PullText,
  parseState,
} from '../review/index.ts';
import type { BranchContent } from './branch-content.ts';
import { proposalIdsIn, readCommitted, type Texts } from './committed-files.ts';
import type { GitRepository, TreeFile } from './git-port.ts';
import type { OpenPull, PublishingPort, PullRequests, Survey } from './publishing-port.ts';

/** A pull request as this run left it. `left_closed`: people closed it as it is, and so it stays. */
export interface PublishedPull {
  readonly number: number;
  readonly url: string;
  readonly state: 'opened' | 'updated' | 'unchanged' | 'closed';
}

/**
 * What became of one branch. `moot`: it stands for a proposal that no longer exists, and was left alone. `hands_off`: what
 * should be there is not, because somebody else's commit or pull request is. `left_closed`: people closed exactly this evidence, and so it stays.
 */
export interface PublishedBranch {
  readonly branch: string;
  readonly state: 'created' | 'updated' | 'unchanged' | 'moot' | 'dry_run' | 'hands_off' | 'left_closed';
  readonly commit: string | null;
  readonly proposalId: string | null;
  readonly pull: PublishedPull | null;
}

/** Where branches are written, and what is there already. */
export interface Publication {
  readonly git: GitRepository;
  readonly target: PublishingPort;
  readonly survey: Survey;
  readonly committed: ReadonlyMap<string, TreeFile>;
  readonly policy: AutoApplyPolicy;
}

export interface WriteRequest {
  readonly clock: Instant;
  readonly dryRun: boolean;
  /** Whether the killswitch is on. */
  readonly disabled: boolean;
}

export interface WrittenBranches {
  readonly branches: readonly PublishedBranch[];
  readonly warnings: readonly Problem[];
}

/** Brings every branch of ours to what it should hold, and closes pull requests that stand for nothing any more, in this order. */
export async function writeBranches(
  publication: Publication,
  contents: readonly BranchContent[],
  request: WriteRequest,
): Promise<WrittenBranches> {
  const { survey } = publication;
  const branches: PublishedBranch[] = [];
  const warnings: Problem[] = [];
  for (const { branch, because } of survey.handsOff) {
    warnings.push(warning('FOREIGN_COMMIT', { branch, commit: because }));
    const wanted = contents.find((content) => content.branch === branch);
    if (wanted === undefined) continue;
    const { proposalId } = wanted;
    branches.push({ branch, state: 'hands_off', commit: null, proposalId, pull: null });
  }
  const ours = contents.filter(({ branch }) => survey.handsOff.every((off) => off.branch !== branch));
  for (const content of ours) branches.push(await writeBranch(publication, content, request, warnings));
  const reason = request.disabled ? 'disabled' : contents.some(isLane) ? 'carried' : 'moot';
  for (const [branch, commit] of survey.heads) {
    if (contents.some((content) => content.branch === branch)) continue;
    const retired = await retireBranch(publication, { branch, commit, reason }, request);
    if (retired !== null) branches.push(retired);
  }
  return { branches, warnings };
}

function isLane({ proposalId }: BranchContent): boolean {
  return proposalId !== null;
}

/** An update has the previous head and the base as parents and the base's tree below: old heads stay reachable. */
async function writeBranch(
  publication: Publication,
  content: BranchContent,
  request: WriteRequest,
  warnings: Problem[],
): Promise<PublishedBranch> {
  const { git, survey, committed } = publication;
  const { branch } = content;
  const head = survey.heads.get(branch) ?? null;
  const standing = head === null ? null : await readStanding(git, head, committed);
  if (head !== null && standing !== null && content.isAlready(standing)) {
    const [proposalId = null] = proposalIdsIn(standing.keys());
    const shown = { branch, state: 'unchanged', commit: head, proposalId, pull: null } as const;
    if (request.dryRun) return { ...shown, pull: knownPull(survey.open.get(branch)) };
    if (proposalId === null && (await wasRefused(publication, { branch, head }, request.clock)))
      return { ...shown, state: 'left_closed' };
    return { ...shown, pull: await present(publication, { branch, head, files: standing }, warnings) };
  }
  const { proposalId } = content;
  if (request.dryRun)
    return {
      branch,
      state: 'dry_run',
      commit: null,
      proposalId,
      pull: knownPull(survey.open.get(branch)),
    };
  const commit = await commitContent(publication, content, request.clock);
  const pull = await present(publication, { branch, head: commit, files: content.files }, warnings);
  return { branch, state: head === null ? 'created' : 'updated', commit, proposalId, pull };
}

function commitContent(
  { target, survey }: Publication,
  content: BranchContent,
  clock: Instant,
): Promise<string> {
  const { base } = survey;
  const head = survey.heads.get(content.branch) ?? null;
  const encoder = new TextEncoder();
  return target.commit({
    branch: content.branch,
    expectedHead: head,
    parents: head === null ? [base] : [head, base],
    baseCommit: base,
    files: new Map([...content.files].map(([path, text]) => [path, encoder.encode(text)])),
    message: content.message,
    time: clock,
  });
}

/** A branch with what it adds to the base. */
interface StandingBranch {
  readonly branch: string;
  readonly head: string;
  readonly files: Texts;
}

/**
 * Makes the pull request of a branch say what the branch holds. It is read from the content and compared by the state block, so a
 * run that ended between two calls is completed by the next one.
 */
async function present(
  { target, survey, policy }: Publication,
  standing: StandingBranch,
  warnings: Problem[],
): Promise<PublishedPull | null> {
  const { pulls } = target;
  if (pulls === null) return null;
  const open = survey.open.get(standing.branch) ?? null;
  // Labels come last: without any, the run that opened it has not finished.
  if (open !== null && isSaid(open, standing) && open.labels.length > 0) return knownPull(open);
  const { title, body, labels } = textOf(standing, policy, pulls, open?.body ?? null);
  const pull =
    open === null ? await pulls.open({ branch: standing.branch, title, body }) : { ...open, isNew: false };
  if (!isSaid(pull, standing))
    await pulls.edit(pull.number, (now) => ({ title, body: textOf(standing, policy, pulls, now).body }));
  if (!labels.every((label) => pull.labels.includes(label)))
    warnings.push(...(await pulls.mark(pull.number, labels, policy.approvals.operators)));
  return { number: pull.number, url: pull.url, state: pull.isNew ? 'opened' : 'updated' };
}

/** Whether a body is about this head, and not the last word on a closed one. */
function isSaid({ body }: OpenPull, { branch, head }: StandingBranch): boolean {
  const state = parseState(body);
  return state?.branch === branch && state.head === head && state.closed === null;
}

function knownPull(open: OpenPull | undefined | null): PublishedPull | null {
  return open == null ? null : { number: open.number, url: open.url, state: 'unchanged' };
}

/** The words of a pull request, from the content of its branch alone. */
function textOf(
  { head, files }: StandingBranch,
  policy: AutoApplyPolicy,
  { web }: PullRequests,
  previousBody: string | null,
): PullText {
  const [id] = proposalIdsIn(files.keys());
  if (id === undefined) {
    const added = [...files.keys()].filter((path) => path.startsWith('reports/'));
    return buildEvidenceText({ files: added.sort(), head, web });
  }
  const read = (name: string) => files.get(`${PROPOSALS_PATH}/${id}/${name}`) ?? '';
  const meta = parseProposalMeta(read('proposal_meta.json'), `${id}/proposal_meta.json`);
  const patches = parsePatchesArtifact(read('config_patches.json'), `${id}/config_patches.json`);
  if (!meta.ok || !patches.ok) throw new BugError(`our own proposal ${id} cannot be read`);
  return buildPromotionText({
    meta: meta.value,
    patches: patches.value.patches,
    policy,
    head,
    web,
    previousBody,
  });
}

/** How far back a closing is looked for: far longer than any evidence counts by default. */
const REFUSED_DAYS = 365;

/** Whether people, not the bot, closed a pull request with exactly this evidence. */
async function wasRefused(
  { target, survey }: Publication,
  { branch, head }: { readonly branch: string; readonly head: string },
  clock: Instant,
): Promise<boolean> {
  const since = formatInstant(instantFromMs(clock - REFUSED_DAYS * DAY_MS));
  if (target.pulls === null || survey.open.has(branch) || branch !== EVIDENCE_BRANCH) return false;
  const last = (await target.pulls.since(since, head)).find(({ state }) => state === 'closed');
  return last !== undefined && parseState(last.body)?.closed == null;
}

interface Retirement {
  readonly branch: string;
  readonly commit: string;
  readonly reason: ClosingReason;
}

/** The branch stays as it is: it may be all that still holds some evidence. The killswitch closes promotions only. */
async function retireBranch(
  { target, survey }: Publication,
  { branch, commit, reason }: Retirement,
  { dryRun }: WriteRequest,
): Promise<PublishedBranch | null> {
  const moot = { branch, state: 'moot', commit, proposalId: null, pull: null } as const;
  if (target.pulls === null) return moot;
  const open = survey.open.get(branch);
  const isEvidence = branch === EVIDENCE_BRANCH;
  if (open === undefined || (isEvidence && reason === 'disabled')) return null;
  if (dryRun) return { ...moot, state: 'dry_run', pull: knownPull(open) };
  const why = isEvidence || reason === 'disabled' ? reason : 'moot';
  await target.pulls.edit(open.number, (body) => ({
    state: 'closed',
    body: buildClosingBody(body, branch, commit, why),
  }));
  return { ...moot, pull: { number: open.number, url: open.url, state: 'closed' } };
}

/** What a branch adds to the base below `reports/`. */
async function readStanding(
  git: GitRepository,
  head: string,
  committed: ReadonlyMap<string, TreeFile>,
): Promise<Texts> {
  const added = await readCommitted(git, head, ['reports'], (path) => !committed.has(path));
  return added.texts;
}
