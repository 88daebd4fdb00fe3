/** What every place to publish to guarantees: branches of a clone, and GitHub. */
import { describe, expect, test } from 'vitest';
import { localBranches, openGitRemote, openGitRepository } from '../../../src/adapters/git/index.ts';
import { githubPublisher, readGitHubSettings } from '../../../src/adapters/github/index.ts';
import type { CommitRequest, GitRepository } from '../../../src/cycles/git-port.ts';
import type { PublishingPort, Survey } from '../../../src/cycles/publishing-port.ts';
import { instantFromMs } from '../../../src/kernel/instant.ts';
import { gitFolder } from '../../support/cli/git-folder.ts';
import { MANUAL } from '../../support/github/evidence.ts';
import { githubPlace } from '../../support/github/github-place.ts';

interface Place {
  readonly port: PublishingPort;
  /** Where what the port surveyed can be read. */
  readonly git: GitRepository;
}

async function repositoryIn(root: string): Promise<GitRepository> {
  const git = await openGitRepository(root);
  if (git === null) throw new Error('no repository');
  return git;
}

const PLACES: Readonly<Record<string, () => Promise<Place>>> = {
  'a clone': async () => {
    const git = await repositoryIn(gitFolder().root);
    return { git, port: localBranches(git) };
  },
  GitHub: async () => {
    const clone = await (await githubPlace()).clone();
    const settings = readGitHubSettings(clone.variables());
    if (!settings.ok) throw new Error('no settings');
    const openRemote = async (place: { url: string; token: string }) => {
      const remote = await openGitRemote(clone.root, place);
      if (remote === null) throw new Error('no repository');
      return remote;
    };
    const port = githubPublisher(settings.value, { prefix: '', pace: 'none', openRemote });
    return { git: await repositoryIn(clone.root), port };
  },
};

async function surveyed(port: PublishingPort): Promise<Survey> {
  const survey = await port.survey('all');
  if (!survey.ok) throw new Error(JSON.stringify(survey.problems));
  return survey.value;
}

function commitRequest(base: string, overrides: Partial<CommitRequest> = {}): CommitRequest {
  const bytes = new TextEncoder().encode('\ufeffä\r\n\u0001');
  return {
    branch: MANUAL,
    expectedHead: null,
    parents: [base],
    baseCommit: base,
    files: new Map([['reports/live_promotion/x (1)/ü.json', bytes]]),
    message: 'Promote\n\nPeak-Lane: manual\n',
    time: instantFromMs(1_795_300_000_000),
    ...overrides,
  };
}

describe.each(Object.entries(PLACES))('a publishing port to %s', (_, open) => {
  test('answers the base, and no heads at first', async () => {
    const { port, git } = await open();
    const { base, heads, handsOff } = await surveyed(port);
    expect(base).toBe(await git.resolve('HEAD'));
    expect([heads.size, handsOff.length]).toEqual([0, 0]);
  });

  test('a commit is the head of its branch, with the base’s files and its own, byte for byte', async () => {
    const { port, git } = await open();
    const { base } = await surveyed(port);
    const request = commitRequest(base);
    const commit = await port.commit(request);
    expect((await surveyed(port)).heads.get(MANUAL)).toBe(commit);
    const before = await git.list(base, ['']);
    const after = await git.list(commit, ['']);
    const added = after.filter(({ path }) => before.every((file) => file.path !== path));
    expect(added.map(({ path, mode }) => [path, mode])).toEqual([[...request.files.keys(), '100644']]);
    expect(after).toHaveLength(before.length + 1);
    const [bytes] = await git.read(added.map(({ oid }) => oid));
    expect(Buffer.from(bytes ?? [])).toEqual(Buffer.from([...request.files.values()][0] ?? []));
  });

  test('a second commit continues the first; one that expects another head moves nothing', async () => {
    const { port } = await open();
    const { base } = await surveyed(port);
    const first = await port.commit(commitRequest(base));
    const lost = [
      commitRequest(base, { message: 'another first\n' }),
      commitRequest(base, { message: 'from the base\n', expectedHead: base, parents: [base] }),
    ];
    for (const request of lost) {
      await surveyed(port);
      await expect(port.commit(request)).rejects.toMatchObject({ code: 'GIT_REF_MOVED' });
      expect((await surveyed(port)).heads.get(MANUAL)).toBe(first);
    }
    const next = commitRequest(base, { message: 'next\n', expectedHead: first, parents: [first, base] });
    const second = await port.commit(next);
    expect((await surveyed(port)).heads.get(MANUAL)).toBe(second);
  });
});
