import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import colors from 'picocolors';
import { type SeenCheck, whenSettled } from '../../test/support/judge/local-judge.ts';
import { toReadableBody } from './readable-body.ts';
import { git } from './run.ts';
import type { Stage } from './stage.ts';

const AUTO_TOML = 'config/live_overrides/auto.toml';

/** Number of the newest pull request. */
export async function newestPull({ forge, repository, operator }: Stage): Promise<number> {
  const { body } = await forge
    .as(operator)
    .in(repository)
    .get('/pulls?state=all&sort=created&direction=desc');
  return body[0].number as number;
}

/** Prints a pull request as a person reads it. */
export async function showPull(stage: Stage, number: number): Promise<void> {
  const pull = await readPull(stage, number);
  const labels = (pull.labels as { name: string }[]).map(({ name }) => name).join(', ');
  const asked = (pull.requested_reviewers as { login: string }[]).map(({ login }) => login).join(', ');
  console.log(`${colors.bold(`#${number} ${pull.title}`)}
${colors.dim(`${pull.user.login} wants to merge ${pull.head.ref} into ${pull.base.ref} · labels: ${labels} · asked: ${asked}`)}

${toReadableBody(pull.body)}
`);
}

/** Prints what the judge says of it now; throws where it is not the conclusion that this demo is about. */
export async function showCheck(stage: Stage, number: number, expected: string): Promise<void> {
  const { forge, judge, judgeApp, repository, operator } = stage;
  await whenSettled(forge, [judge]);
  const { sha } = (await readPull(stage, number)).head;
  const path = `/commits/${sha}/check-runs?check_name=peak/governance&app_id=${judgeApp.id}`;
  const { body } = await forge.as(operator).in(repository).get(path);
  const [check] = body.check_runs as readonly SeenCheck[];
  if (check?.conclusion !== expected) throw new Error(`#${number}: ${JSON.stringify(check)}`);
  console.log(`${colors.bold(`peak/governance on #${number}: ${check.output.title}`)}

${toReadableBody(check.output.summary)}
`);
}

/** Olivia approves, and ticks every box of the body. */
export async function approve(stage: Stage, number: number): Promise<void> {
  const olivia = stage.forge.as(stage.operator).in(stage.repository);
  await olivia.post(`/pulls/${number}/reviews`, { event: 'APPROVE', body: 'Checked and agreed.' });
  const { body } = await readPull(stage, number);
  await olivia.patch(`/pulls/${number}`, { body: (body ?? '').replaceAll('- [ ]', '- [x]') });
  console.log(colors.dim(`olivia approved #${number}, and ticked its checklist.\n`));
}

/** Olivia merges, or GitHub lets nobody (405); the clone follows. */
export async function merge(stage: Stage, number: number, expected: 200 | 405): Promise<void> {
  const { forge, judge, operator, repository } = stage;
  await whenSettled(forge, [judge]);
  const olivia = forge.as(operator).in(repository);
  const { status, body } = await olivia.put(`/pulls/${number}/merge`, { merge_method: 'merge' });
  if (status !== expected) throw new Error(`merging #${number}: ${status} ${JSON.stringify(body)}`);
  await whenSettled(forge, [judge]);
  const said =
    status === 200
      ? `olivia merged #${number}; the clone pulled.`
      : `olivia tried to merge #${number}: GitHub answers 405, the required check is missing.`;
  console.log(colors.dim(`${said}\n`));
  if (status === 200) await git(stage, 'pull', '--quiet', '--ff-only');
}

/** Somebody who may write, and is no operator, asks for a leverage that no evidence gives. Answers the pull request's number. */
export async function attack(stage: Stage): Promise<number> {
  const { forge, repository, stranger } = stage;
  const now = readFileSync(join(stage.folder, AUTO_TOML), 'utf8');
  const content = now.replace(/(?<=^"portfolio\.leverage" = ).*$/m, '10.0');
  await forge.push(repository, {
    author: stranger,
    branch: 'tweak',
    message: 'A little more leverage',
    files: { [AUTO_TOML]: content },
  });
  const pull = { title: 'A little more leverage', head: 'tweak', base: 'main', body: 'Trust me.' };
  const { body } = await forge.as(stranger).in(repository).post('/pulls', pull);
  console.log(colors.dim(`mallory opened #${body.number}: portfolio.leverage = 10.0 in ${AUTO_TOML}\n`));
  return body.number as number;
}

/** Prints what the judge noted about the newest merge, from `refs/notes/peak`. */
export async function showNote(stage: Stage): Promise<void> {
  await git(stage, 'fetch', '--quiet', 'origin', 'refs/notes/peak:refs/notes/peak');
  const note = await git(stage, 'notes', '--ref=peak', 'show', 'HEAD');
  console.log(`${colors.dim('$ git notes --ref=peak show HEAD')}\n${note.trimEnd()}\n`);
}

async function readPull({ forge, repository, operator }: Stage, number: number) {
  return (await forge.as(operator).in(repository).get(`/pulls/${number}`)).body;
}
