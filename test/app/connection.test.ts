/** How fast the judge may ask: Probot's pace holds for what it writes, and for nothing else. */
import { Probot } from 'probot';
import { expect, test } from 'vitest';
import { judgePorts } from '../../src/adapters/github/judge/judge-ports.ts';
import { connect } from '../../src/app/connection.ts';
import { openPull, startDesk } from '../support/forge/testing/desk.ts';

/** octokit's throttling lets one write through in so many milliseconds. */
const PACE_MS = 1_000;

test('reads do not wait for each other, nor for what is written', async () => {
  const desk = await startDesk();
  const { forge, judge, judgeInstallation } = desk;
  const { number, head } = await openPull(desk);
  const log = Object.fromEntries(
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal'].map((level) => [level, () => undefined]),
  );
  const app = new Probot({
    ...{ appId: judge.id, privateKey: judge.privateKey, secret: 's', baseUrl: forge.apiUrl },
    log: Object.assign(log, { child: () => log, level: 'silent' }) as never,
  });
  const identities = { judge: judge.bot, judgeAppId: judge.id, publisher: null };
  const requester = await connect(app).installation(judgeInstallation.id);
  const place = { owner: 'desk', repo: 'config' };
  const { pulls, checks } = judgePorts(requester, place, { identities, onCall: () => undefined });
  const run = { title: 'T', summary: 'S', text: null, annotations: [[]], actions: [] };
  const post = () => checks.post({ head, stamp: '1', conclusion: 'failure', run }, null);
  // The first of all gets the token.
  await pulls.read(number);

  const start = performance.now();
  const since = async (done: Promise<unknown>) => {
    await done;
    return performance.now() - start;
  };
  const writes = Promise.all([since(post()), since(post()), since(post())]);
  const reads = await Promise.all(Array.from({ length: 8 }, () => since(pulls.read(number))));
  expect(Math.max(...(await writes))).toBeGreaterThan(1.9 * PACE_MS);
  // Of eight that were throttled, the last would come after ten slots.
  expect(Math.max(...reads)).toBeLessThan(7 * PACE_MS);
}, 60_000);
