import { ProbotOctokit } from 'probot';
import { judgePorts, listPlaces, readIdentities } from '../../../src/adapters/github/judge/judge-ports.ts';
import { PULL_STATE_QUERY } from '../../../src/adapters/github/judge/pull-state-query.ts';
import { instantFromMs } from '../../../src/kernel/instant.ts';
import { API, BASE, type Flow, HEAD, IN, NEW, PAGE, PLACE, TREE } from './wire.ts';

/** The judge's requests go through Probot's own client. */
export const judgeOnTheWire = () => {
  const Client = ProbotOctokit.defaults((usual: object) => ({
    ...usual,
    throttle: { enabled: false },
    retry: { enabled: true, retryAfterBaseValue: 1 },
  })) as typeof ProbotOctokit;
  const octokit = new Client({ baseUrl: API, auth: { token: 'ghs_token' } });
  const ignored = () => undefined;
  const identities = { judge: { id: 3, login: 'peak-judge[bot]' }, judgeAppId: 2, publisher: null };
  return { octokit, ...judgePorts(octokit, PLACE, { identities, onCall: ignored }) };
};
const RUN = { title: 'T', summary: 'S', text: null, annotations: [[]], actions: [] };
const posting = { head: HEAD, conclusion: 'success' as const, stamp: '1', run: RUN };
const posted = {
  status: 'completed',
  conclusion: 'success',
  external_id: '1',
  actions: [],
  output: { title: 'T', summary: 'S', annotations: [] },
};

/** Every request that the judge makes. */
export const JUDGE_FLOWS: Readonly<Record<string, Flow>> = {
  'what the judge reads of a pull request': [
    async () => {
      const { pulls: reader } = judgeOnTheWire();
      await reader.openPulls();
      await reader.commits(4);
      await reader.commitsSince(HEAD, BASE);
    },
    [
      `${IN}/pulls?state=open&${PAGE}`,
      `${IN}/pulls/4/commits?${PAGE}`,
      `${IN}/commits?sha=${HEAD}&${PAGE}`,
    ].map((path) => ({ request: `GET ${path}` })),
  ],
  'everything about a pull request at once': [
    async () => judgeOnTheWire().pulls.read(4),
    [
      {
        request: 'POST /graphql',
        body: {
          query: PULL_STATE_QUERY,
          variables: {
            ...{ owner: 'acme', name: 'trading', number: 4, app: 2, check: 'peak/governance' },
            ...{ reviews: null, comments: null },
          },
        },
      },
    ],
  ],
  'who may do what': [
    async () => {
      const { access } = judgeOnTheWire();
      await access.access('ann');
      await access.isTeamMember({ org: 'acme', slug: 'risk' }, 'ann');
      await access.branchRules('main');
      await access.latestRun('promotion-cycle.yml');
    },
    [
      `${IN}/collaborators/ann/permission`,
      '/orgs/acme/teams/risk/memberships/ann',
      `${IN}/rules/branches/main?${PAGE}`,
      `${IN}/actions/workflows/promotion-cycle.yml/runs?status=success&per_page=1`,
    ].map((path) => ({ request: `GET ${path}` })),
  ],
  'a check': [
    async () => {
      const { checks } = judgeOnTheWire();
      await checks.latest(HEAD);
      await checks.post(posting, null);
      await checks.post(posting, 9);
    },
    [
      {
        request: `GET ${IN}/commits/${HEAD}/check-runs?check_name=peak%2Fgovernance&app_id=2&per_page=1`,
      },
      { request: `POST ${IN}/check-runs`, body: { ...posted, name: 'peak/governance', head_sha: HEAD } },
      { request: `PATCH ${IN}/check-runs/9`, body: posted },
    ],
  ],
  'a merge of the very head that was judged, its note, and a call for the publisher': [
    async () => {
      const { merging } = judgeOnTheWire();
      await merging.merge({ number: 4, head: HEAD, method: 'squash', title: 'T', message: 'M' });
      await merging.mergedBy(HEAD);
      await merging.mergesSince(instantFromMs(0));
      await merging.appendNote(HEAD, 'note\n');
      await merging.dispatch('peak-command', { command: 'disable' });
    },
    [
      {
        request: `PUT ${IN}/pulls/4/merge`,
        body: { sha: HEAD, merge_method: 'squash', commit_title: 'T', commit_message: 'M' },
      },
      { request: `GET ${IN}/commits/${HEAD}/pulls` },
      { request: `GET ${IN}/pulls?state=closed&sort=updated&direction=desc&${PAGE}` },
      { request: `GET ${IN}/git/ref/notes%2Fpeak` },
      { request: `GET ${IN}/git/commits/${NEW}` },
      {
        request: `POST ${IN}/git/trees`,
        body: { base_tree: TREE, tree: [{ path: HEAD, mode: '100644', type: 'blob', content: 'note\n' }] },
      },
      {
        request: `POST ${IN}/git/commits`,
        body: { message: `Verdict of ${HEAD}\n`, tree: TREE, parents: [NEW] },
      },
      { request: `PATCH ${IN}/git/refs/notes%2Fpeak`, body: { sha: NEW, force: false } },
      {
        request: `POST ${IN}/dispatches`,
        body: { event_type: 'peak-command', client_payload: { command: 'disable' } },
      },
    ],
  ],
  'comments and issues': [
    async () => {
      const { talking } = judgeOnTheWire();
      await talking.comment(4, 'B');
      await talking.findIssue('<!-- peak:audit -->');
      await talking.openIssue('T', 'B');
      await talking.editIssue(5, 'B');
    },
    [
      { request: `POST ${IN}/issues/4/comments`, body: { body: 'B' } },
      { request: `GET ${IN}/issues?creator=peak-judge%5Bbot%5D&state=open&${PAGE}` },
      { request: `POST ${IN}/issues`, body: { title: 'T', body: 'B' } },
      { request: `PATCH ${IN}/issues/5`, body: { body: 'B' } },
    ],
  ],
  'who is who, and where': [
    async () => {
      const { octokit } = judgeOnTheWire();
      await readIdentities({ app: octokit, installation: octokit, publisher: 'peak-publisher' });
      await listPlaces(octokit, async () => octokit);
    },
    [
      '/app',
      '/users/peak-judge%5Bbot%5D',
      '/users/peak-publisher%5Bbot%5D',
      `/app/installations?${PAGE}`,
      `/installation/repositories?${PAGE}`,
    ].map((path) => ({ request: `GET ${path}` })),
  ],
};
