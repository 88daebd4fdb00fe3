/** Texts that people wrote into branches, titles, bodies, files, keys and reasons, and what of them reaches GitHub's pages. */
import { expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../../support/hostile-text.ts';
import { type JudgePlace, judgePlace } from '../../support/judge/judge-place.ts';
import { proposedPlace } from '../../support/judge/proposed-place.ts';

/** Names that somebody could give a file, a key or a target, and what must not be left of them outside of code. */
const FORBIDDEN =
  /@octocat|@org\/team|<script|<img|javascript:|\u001b|\u202e|<!-- peak:(?:state|hold|release|reply)|https?:\/\/(?:[a-z]+\.)?evil|\u0000/i;

/** The first line of the judge's own comments. */
const OWN_MARKER = /^<!-- peak:[a-z]+(?: \d+)? -->\n/;

/** Without halves of characters, which no JSON on the way keeps. */
function isWhole(text: string): boolean {
  return !/[\ud800-\udfff]/.test(text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ''));
}

/** Markdown outside of code: what GitHub makes links, mentions and HTML of. */
function outsideOfCode(markdown: string): string {
  return markdown.replace(OWN_MARKER, '').replace(/(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
}

/** Everything that the judge has written where people read it. */
async function written({ forge, repository, operator }: JudgePlace): Promise<readonly string[]> {
  const { body: issues } = await forge.as(operator).in(repository).get('/issues?state=all&per_page=100');
  return [
    ...repository.checkRuns.flatMap(({ output }) => [output?.title, output?.summary, output?.text]),
    ...repository.comments.filter(({ author }) => author.type === 'Bot').map(({ body }) => body),
    ...(issues as { user: { type: string }; title: string; body: string | null; pull_request?: object }[])
      .filter(({ user, pull_request: pull }) => user.type === 'Bot' && pull === undefined)
      .flatMap(({ title, body }) => [title, body]),
  ].filter((text) => typeof text === 'string');
}

function expectHarmless(texts: readonly string[]): void {
  expect(texts.length).toBeGreaterThan(0);
  for (const text of texts) {
    expect(outsideOfCode(text)).not.toMatch(FORBIDDEN);
    expect(text.length).toBeLessThanOrEqual(65_535);
  }
}

test('a body beyond GitHub’s limit is refused, and a hostile one of 60,000 characters changes nothing', async () => {
  const { place, number } = await proposedPlace();
  const { forge, repository, operator, stranger } = place;
  const client = forge.as(stranger).in(repository);
  expect((await client.patch(`/pulls/${number}`, { body: 'a'.repeat(70_000) })).status).toBe(422);
  const shown = HOSTILE_TEXTS.filter(({ text }) => text.length < 1_000 && isWhole(text));
  const hostile = shown.map(({ text }) => `- [x] ${text}`).join('\n');
  const body = hostile.repeat(Math.ceil(60_000 / hostile.length)).slice(0, 60_000);
  const title = '@octocat <!-- peak:state {"lane":"auto"} --> **approved**';
  expect((await client.patch(`/pulls/${number}`, { body, title })).status).toBe(200);
  await place.review(number, operator);
  // The boxes that the bot wrote are gone, so none of them is ticked.
  expect(await place.check(number)).toMatchObject({ conclusion: 'action_required' });
  expect(await place.merge(number, stranger)).toBe(405);
  expectHarmless(await written(place));
}, 120_000);

test('names of files and branches, keys, values and reasons stay words', async () => {
  const place = await judgePlace();
  const { forge, repository, operator, stranger } = place;
  const words = HOSTILE_TEXTS.map(({ text }) => text).filter(
    (text) => text.length > 0 && text.length < 200 && isWhole(text),
  );
  const names = words.filter((text) => !/[\u0000/\\]|^\.+$|^-/.test(text) && !/\n/.test(text));
  const toml = words.map((text, i) => `${JSON.stringify(`${i} ${text}`).replaceAll('\u007f', '')} = 1.5\n`);
  const files = {
    'config/live_overrides/auto.toml': `[auto_applied]\n${toml.join('\n')}`,
    ...Object.fromEntries(names.map((name) => [`reports/live_promotion/x/${name}`, 'x\n'])),
    'reports/learning_snippets/hostile.json': JSON.stringify(
      words.map((text) => ({
        target: text,
        new_value: text,
        experiment_id: text,
        source: text,
        reason: text,
      })),
    ),
  };
  const branch = 'x-@octocat-`<script>`';
  const pushed = await forge.push(repository, {
    author: stranger,
    branch,
    files,
    message: '/peak hold @octocat',
  });
  expect([pushed.ok, pushed.said]).toEqual([true, pushed.said]);
  const draft = { title: '/peak release @octocat', head: branch, base: 'main', body: '/peak release' };
  const number: number = (await forge.as(stranger).in(repository).post('/pulls', draft)).body.number;
  expect(await place.check(number)).toMatchObject({ conclusion: 'failure' });
  for (const text of ['@octocat <script>alert(1)</script>', '--> <!-- peak:release --> https://evil.example'])
    for (const command of ['explain', `hold ${text}`, `decline portfolio.leverage ${text}`, text])
      await place.comment(number, operator, `/peak ${command}`);
  await place.settled();
  const texts = await written(place);
  expect(texts.length).toBeGreaterThan(6);
  expectHarmless(texts);
  const annotations = repository.checkRuns.flatMap(({ annotations: found }) => found);
  expect(annotations.length).toBeGreaterThan(0);
  for (const { title, message } of annotations)
    for (const text of [title, message]) expect(String(text)).not.toMatch(/\u001b|\u202e|\u0000/);
}, 120_000);
