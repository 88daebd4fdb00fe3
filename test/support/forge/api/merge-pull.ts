import { personOf, webFlow, writeCommit } from '../git/commits.ts';
import { mergeTrees, rebase } from '../git/merge.ts';
import { listPullCommits, readPullDiff } from '../git/pull-facts.ts';
import { settleRefs } from '../git/settle-refs.ts';
import { type Answer, noContent, ok, type RepositoryCall, textOf } from '../http/call.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { type BranchRules, type MergeMethod, rulesOf } from '../rules/branch-rules.ts';
import { findBlockers } from '../rules/find-blockers.ts';
import { viewFileChange } from '../views/file-view.ts';
import { repositoryApi } from '../views/urls.ts';
import type { Pull, Repository } from '../world/model.ts';
import { actorOf, askerOf } from './actor-of.ts';
import { markMerged } from './close-pull.ts';
import { viewCommits } from './commits.ts';
import { findPull } from './pulls.ts';

/** https://docs.github.com/rest/pulls/pulls#list-pull-requests-files */
const LISTED_FILES = 3000;
/** https://docs.github.com/rest/pulls/pulls#list-commits-on-a-pull-request */
const LISTED_COMMITS = 250;

/** `GET pulls/{pull_number}/files`. */
export async function listPullFiles(call: RepositoryCall): Promise<Answer> {
  const { world, repository } = call;
  const pull = findPull(call);
  const changes = (await readPullDiff(repository, pull)).slice(0, LISTED_FILES);
  return ok(changes.map((change) => viewFileChange(world, repository, { change, sha: pull.head.sha })));
}

/** `GET pulls/{pull_number}/commits`. */
export async function listCommitsOfPull(call: RepositoryCall): Promise<Answer> {
  const ids = await listPullCommits(call.repository, findPull(call));
  return ok(await viewCommits(call, ids.slice(0, LISTED_COMMITS)));
}

/** `GET pulls/{pull_number}/merge`: 204 when merged, else 404. */
export function checkMerged(call: RepositoryCall): Answer {
  if (findPull(call).mergedAt === null) throw notFound();
  return noContent();
}

/** `PUT pulls/{pull_number}/merge`: 405 when blocked or in conflict, 409 when the head is not the expected one. */
export async function mergePull(call: RepositoryCall): Promise<Answer> {
  const { world, repository, body } = call;
  const pull = findPull(call);
  const method = (textOf(body, 'merge_method') ?? 'merge') as MergeMethod;
  const expected = textOf(body, 'sha');
  if (pull.issue.state === 'closed') throw notAllowed('Pull Request is not mergeable');
  if (expected !== undefined && expected !== pull.head.sha) {
    throw new Refusal(409, 'Head branch was modified. Review and try the merge again.');
  }
  const rules = rulesOf(repository, pull.base.ref, askerOf(call));
  if (pull.draft) throw notAllowed('Pull Request is still a draft');
  if (!isAllowed(repository, rules, method))
    throw notAllowed(`${method} merges are not allowed on this repository.`);
  const blockers = await findBlockers(world, repository, { pull, rules });
  if (blockers.length > 0) throw notAllowed(`Repository rule violations found\n\n${blockers.join('\n')}`);
  const sha = await mergeInto(call, { pull, method });
  markMerged(world, repository, { pull, actor: actorOf(call), sha });
  await settleRefs(world, repository, actorOf(call));
  await deleteMergedBranch(call, pull);
  return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
}

/** `PUT pulls/{pull_number}/update-branch`: merges the base into the head. */
export async function updatePullBranch(call: RepositoryCall): Promise<Answer> {
  const { world, repository, body } = call;
  const pull = findPull(call);
  const { head } = pull;
  const expected = textOf(body, 'expected_head_sha');
  if (expected !== undefined && expected !== head.sha) {
    throw new Refusal(422, 'expected head sha didn’t match current head ref.');
  }
  const base = tipOf(repository, pull);
  const tree = await mergeTrees(repository.git, base, head.sha);
  if (tree === null) throw new Refusal(422, 'merge conflict between base and head');
  const now = world.clock();
  const sha = await writeCommit(head.repository.git, {
    tree,
    parents: [head.sha, base],
    author: personOf(actorOf(call), now),
    committer: webFlow(now),
    message: `Merge branch '${pull.base.ref}' into ${head.ref}`,
    signed: true,
  });
  await head.repository.git.text(['update-ref', `refs/heads/${head.ref}`, sha, head.sha]);
  await settleRefs(world, head.repository, actorOf(call));
  const url = repositoryApi(world, repository, `/pulls/${pull.issue.number}`);
  return { status: 202, body: { message: 'Updating pull request branch.', url } };
}

interface MergeRequest {
  readonly pull: Pull;
  readonly method: MergeMethod;
}

function notAllowed(message: string): Refusal {
  return new Refusal(405, message);
}

function tipOf(repository: Repository, pull: Pull): string {
  return repository.refs.get(`refs/heads/${pull.base.ref}`) ?? pull.base.sha;
}

function isAllowed({ settings }: Repository, rules: BranchRules, method: MergeMethod): boolean {
  const bySetting = {
    merge: settings.allow_merge_commit,
    squash: settings.allow_squash_merge,
    rebase: settings.allow_rebase_merge,
  }[method];
  const byRules = rules.pullRequest?.methods.includes(method) ?? true;
  return bySetting && byRules && !(rules.linearHistory && method === 'merge');
}

/** Makes the commits and moves the base, if it still is where it was; answers the new tip. */
async function mergeInto(call: RepositoryCall, { pull, method }: MergeRequest): Promise<string> {
  const { world, repository } = call;
  const { git } = repository;
  const base = tipOf(repository, pull);
  pull.base.sha = base;
  const tree = await mergeTrees(git, base, pull.head.sha);
  const committer = webFlow(world.clock());
  const actor = personOf(actorOf(call), world.clock());
  // A squash is its pull request's author's, whoever pressed the button (GitHub since March 2020: pascalgn/automerge-action issue 58).
  const author = method === 'squash' ? personOf(pull.issue.author, world.clock()) : actor;
  const tip =
    tree === null
      ? null
      : method === 'rebase'
        ? await rebase(git, { base, head: pull.head.sha, committer: actor })
        : await writeCommit(git, {
            tree,
            parents: method === 'merge' ? [base, pull.head.sha] : [base],
            author,
            committer,
            message: messageOf(call, { pull, method }),
            signed: true,
          });
  if (tip === null) throw notAllowed('Pull Request is not mergeable');
  await git.text(['update-ref', `refs/heads/${pull.base.ref}`, tip, base]);
  return tip;
}

function messageOf({ body }: RepositoryCall, { pull, method }: MergeRequest): string {
  const { number, title } = pull.issue;
  const label = `${pull.head.repository.owner.login}/${pull.head.ref}`;
  const usual = method === 'merge' ? `Merge pull request #${number} from ${label}` : `${title} (#${number})`;
  const text = textOf(body, 'commit_message') ?? (method === 'merge' ? title : '');
  const heading = textOf(body, 'commit_title') ?? usual;
  return text === '' ? `${heading}\n` : `${heading}\n\n${text}\n`;
}

async function deleteMergedBranch({ world, repository, ...call }: RepositoryCall, pull: Pull): Promise<void> {
  const { head } = pull;
  if (!repository.settings.delete_branch_on_merge || head.repository !== repository) return;
  await repository.git.run(['update-ref', '-d', `refs/heads/${head.ref}`, head.sha]);
  await settleRefs(world, repository, actorOf({ ...call, world }));
}
