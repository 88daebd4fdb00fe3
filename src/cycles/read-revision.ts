import { type Problem, problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import { shellWord } from '../kernel/text/shell-word.ts';
import type { RevisionReader } from './revision-port.ts';
import { targetHint } from './target-hint.ts';

/** The commit that a person named on the command line, or ARGUMENT_INVALID that names the word and says how to come to it. */
export async function readRevision(
  git: RevisionReader,
  argument: string,
  word: string,
): Promise<Result<string>> {
  const fault = findWordFault(argument, word);
  if (fault !== null) return fail(fault);
  const commit = await git.resolveRevision(word);
  if (commit !== null) return ok(commit);
  const names = await git.revisionNames();
  const remote = names.find((name) => name.endsWith(`/${word}`));
  const fetch = `fetch it first: git fetch origin ${shellWord(word)}`;
  const hint = remote === undefined ? targetHint(word, names, fetch) : `did you mean ${remote}?`;
  return fail(said(argument, word, 'names no commit here', hint));
}

function findWordFault(argument: string, word: string): Problem | null {
  if (word === '') return said(argument, word, 'is empty', `${argument} main`);
  if (!word.includes('..')) return null;
  return said(argument, word, 'is a range; one commit is asked for', `${argument} main`);
}

function said(argument: string, word: string, reason: string, hint: string): Problem {
  return problem('ARGUMENT_INVALID', { argument: `${argument} "${word}"`, reason, hint });
}
