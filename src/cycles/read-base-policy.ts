import { type AutoApplyPolicy, parsePolicy } from '../governance/index.ts';
import { POLICY_PATH } from '../kernel/governed-paths.ts';
import { decodeUtf8 } from '../kernel/text/decode-utf8.ts';
import type { ReviewRepository } from './review-repository-port.ts';

/** A text of a commit, or null where there is no regular file that is UTF-8. */
export async function readTextAt(
  git: ReviewRepository,
  commit: string,
  path: string,
): Promise<string | null> {
  const [file] = await git.list(commit, [path]);
  if (file === undefined || file.path !== path || !file.mode.startsWith('100')) return null;
  const [blob] = await git.read([file.oid]);
  return blob === undefined ? null : decodeUtf8(blob);
}

/** The policy of a commit; null where there is none that can be read. */
export async function readPolicyAt(git: ReviewRepository, commit: string): Promise<AutoApplyPolicy | null> {
  const policy = parsePolicy(await readTextAt(git, commit, POLICY_PATH));
  return policy.ok ? policy.value : null;
}
