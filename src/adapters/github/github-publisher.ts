import type { CommitRequest } from '../../cycles/git-port.ts';
import type { GitRemote } from '../../cycles/git-remote-port.ts';
import type {
  HandsOff,
  OpenPull,
  PublishingPort,
  Survey,
  SurveyScope,
} from '../../cycles/publishing-port.ts';
import { AppError, BugError } from '../../kernel/app-error.ts';
import { problem } from '../../kernel/problem.ts';
import { fail, ok, type Result } from '../../kernel/result.ts';
import { EVIDENCE_BRANCH, LANE_BRANCHES, OUR_BRANCHES } from '../../review/index.ts';
import { CallCounter, type ClientOptions } from './client.ts';
import { type PullHistory, type RepositoryAnswer, readPullHistory } from './list-pulls.ts';
import { githubPulls, isOurs, type PullContext, toOpenPull } from './pull-requests.ts';
import { readForeignCommit } from './read-heads.ts';
import { bindRepository, type GitHubRepository } from './repository.ts';
import { type GitHubSession, startSession } from './session.ts';
import type { GitHubSettings } from './settings.ts';
import { writeGitHubCommit } from './write-commit.ts';

/** What the publisher is made of beside its settings. */
export interface PublisherParts {
  /** Opens the other end of the clone; its prefix is known before anything is asked. */
  readonly openRemote: (place: { url: string; token: string }) => Promise<GitRemote>;
  /** Where the governed root lies below the top: `''` or `a/b/`. */
  readonly prefix: string;
  /** Default `github`. */
  readonly pace?: ClientOptions['pace'];
}

/** Publishes to branches and pull requests on GitHub. One per run: it counts its calls and keeps its session. */
export function githubPublisher(settings: GitHubSettings, parts: PublisherParts): PublishingPort {
  return new GitHubPublisher(settings, parts);
}

/** A session and the clone's other end. */
interface Connection {
  readonly session: GitHubSession;
  readonly remote: GitRemote;
}

class GitHubPublisher implements PublishingPort {
  readonly pulls: NonNullable<PublishingPort['pulls']>;
  readonly #settings: GitHubSettings;
  readonly #parts: PublisherParts;
  readonly #counter = new CallCounter();
  #fetches = 0;
  #connection: Connection | null = null;
  #context: PullContext | null = null;
  /** The branch and head of the last write that GitHub did not accept. */
  #refused: string | null = null;

  constructor(settings: GitHubSettings, parts: PublisherParts) {
    this.#settings = settings;
    this.#parts = parts;
    const { serverUrl: server, owner, repo } = settings;
    const web = { server, repository: `${owner}/${repo}`, prefix: parts.prefix };
    this.pulls = githubPulls(web, () => this.#surveyed());
  }

  calls() {
    const git = { name: 'git fetch', kind: 'git', count: this.#fetches } as const;
    return [...this.#counter.list(), ...(this.#fetches === 0 ? [] : [git])];
  }

  async survey(scope: SurveyScope): Promise<Result<Survey>> {
    const { session, remote } = await this.#connect();
    const { publisher, client, reads: readsBefore } = session;
    const repository = bindRepository(client, this.#settings, { login: publisher.login, readsBefore });
    const histories = new Map<string, PullHistory>();
    if (scope === 'all') histories.set(FIRST, await readPullHistory(repository, FIRST, null));
    const about = await readAbout(repository, histories.get(FIRST)?.about ?? null);
    if (!about.ok) return about;
    const branch = about.value.default_branch;
    this.#fetches += 1;
    const { tip, heads, isShallow } = await remote.fetchHeads(branch);
    if (tip === null) {
      return fail(problem('REPOSITORY_EMPTY', { repository: about.value.full_name, branch }));
    }
    this.#context = { repository, remote, web: this.pulls.web, defaultBranch: branch, histories };
    const others = new Map([...heads].filter(([name]) => !OUR_BRANCHES.some((own) => own === name)));
    const known = { publisher, base: tip, others };
    if (scope === 'base') return ok({ ...known, heads: new Map(), handsOff: [], open: new Map() });
    if (isShallow) return fail(problem('CLONE_SHALLOW'));
    if (!(await remote.isAncestor('HEAD', tip))) return fail(problem('HEAD_NOT_ON_BASE', { branch }));
    return ok({ ...known, ...(await this.#readBranches(tip, heads, histories)) });
  }

  async #readBranches(
    base: string,
    heads: ReadonlyMap<string, string>,
    histories: Map<string, PullHistory>,
  ): Promise<Pick<Survey, 'heads' | 'handsOff' | 'open'>> {
    const own = new Map<string, string>();
    const open = new Map<string, OpenPull>();
    const handsOff: HandsOff[] = [];
    for (const branch of OUR_BRANCHES) {
      const head = heads.get(branch);
      // A lane's closed pull requests count without a branch, too; those for evidence do not.
      if (head === undefined && branch === EVIDENCE_BRANCH) continue;
      const { repository, defaultBranch } = this.#surveyed();
      if (!histories.has(branch))
        histories.set(branch, await readPullHistory(repository, branch, defaultBranch));
      const state = await this.#readBranch(branch, base, head);
      if (state.because !== null) handsOff.push({ branch, because: state.because });
      if (state.because === null && head !== undefined) own.set(branch, head);
      if (state.open !== null) open.set(branch, state.open);
    }
    return { heads: own, handsOff, open };
  }

  async #readBranch(branch: string, base: string, head: string | undefined): Promise<BranchState> {
    const { repository, remote, histories } = this.#surveyed();
    const open = histories.get(branch)?.pulls.find(({ state }) => state === 'open');
    if (open !== undefined && !isOurs(repository, open)) return { because: `#${open.number}`, open: null };
    const foreign = head === undefined ? null : await readForeignCommit(repository, remote, { base, head });
    if (foreign !== null) return { because: foreign.slice(0, 12), open: null };
    return { because: null, open: open === undefined ? null : toOpenPull(open) };
  }

  async commit(request: CommitRequest): Promise<string> {
    const { repository, remote } = this.#surveyed();
    try {
      return await writeGitHubCommit(repository, remote, request);
    } catch (error) {
      if (error instanceof AppError && error.code === 'GIT_REF_MOVED')
        this.#giveUpWhenNotMoved(request, error);
      throw error;
    }
  }

  /** A branch that was read again and is where it was did not move: GitHub has another reason, such as a rule. */
  #giveUpWhenNotMoved({ branch, expectedHead }: CommitRequest, error: AppError): void {
    const move = `${branch} ${expectedHead}`;
    if (this.#refused === move)
      throw new AppError('GITHUB_REFUSED', `GitHub does not let this publisher write the branch ${branch}`, {
        hint: 'a rule may protect it: let the publisher write peak/**',
        cause: error,
      });
    this.#refused = move;
  }

  async #connect(): Promise<Connection> {
    if (this.#connection !== null) return this.#connection;
    const { apiUrl, serverUrl, owner, repo } = this.#settings;
    const options = { apiUrl, pace: this.#parts.pace ?? 'github', counter: this.#counter };
    const session = await startSession(this.#settings, options);
    const remote = await this.#parts.openRemote({
      url: `${serverUrl}/${owner}/${repo}.git`,
      token: session.token,
    });
    this.#connection = { session, remote };
    return this.#connection;
  }

  #surveyed(): PullContext {
    if (this.#context === null) throw new BugError('the place has not been surveyed');
    return this.#context;
  }
}

/** What is on a branch: somebody else's work, or what is ours. */
interface BranchState {
  readonly because: string | null;
  readonly open: OpenPull | null;
}

/** The branch that most repositories have pull requests of: their list tells of the repository, which saves a call. */
const FIRST = LANE_BRANCHES.manual;

async function readAbout(
  repository: GitHubRepository,
  told: RepositoryAnswer | null,
): Promise<Result<RepositoryAnswer>> {
  const about = told ?? (await repository.call<RepositoryAnswer>('repository'));
  const name = `${repository.owner}/${repository.repo}`;
  if (about.full_name.toLowerCase() !== name.toLowerCase())
    return fail(problem('REPOSITORY_RENAMED', { from: name, to: about.full_name }));
  return about.archived ? fail(problem('REPOSITORY_READ_ONLY', { repository: name })) : ok(about);
}
