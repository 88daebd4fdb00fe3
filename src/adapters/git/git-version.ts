import { AppError } from '../../kernel/app-error.ts';
import { createGitRunner, gitOutput } from './git-process.ts';

/** The version of the installed git, such as `2.39.5`; null where there is none. */
export async function readGitVersion(): Promise<string | null> {
  try {
    const said = (await gitOutput(createGitRunner('.'), ['version'])).toString('utf8');
    return /\d+(?:\.\d+)+/.exec(said)?.[0] ?? null;
  } catch (error) {
    if (error instanceof AppError && error.code === 'GIT_MISSING') return null;
    throw error;
  }
}
