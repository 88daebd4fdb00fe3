import { AppError } from '../../kernel/app-error.ts';
import type { Known } from '../../setup/index.ts';
import { statusOf } from './failure.ts';
import type { OperationName } from './operations.ts';
import type { GitHubRepository } from './repository.ts';

/** GitHub's largest page (REST: using pagination in the REST API). */
export const PAGE = 100;

/** A refusal is an answer: this token may not know. Everything else is a failure of the outside world, and thrown. */
export async function known<T>(answer: Promise<T>): Promise<Known<T>> {
  try {
    return { known: true, value: await answer };
  } catch (error) {
    const status = statusOf(error);
    if (!(error instanceof AppError) || (status !== 403 && status !== 404)) throw error;
    return { known: false, reason: error.message };
  }
}

/** All pages of a list that stands for itself. A page that is refused is an error. */
export function readAllPages<T>(
  repository: GitHubRepository,
  operation: OperationName,
  parameters: Readonly<Record<string, unknown>>,
): Promise<readonly T[]> {
  return readEachPage((page) => repository.call(operation, { ...parameters, ...page }));
}

/** The same for whatever reads a page. */
export async function readEachPage<T>(
  read: (page: { readonly per_page: number; readonly page: number }) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const found: T[] = [];
  for (let page = 1; ; page += 1) {
    const items = await read({ per_page: PAGE, page });
    found.push(...items);
    if (items.length < PAGE) return found;
  }
}

/** All pages of a list, which stands below `key` or is the answer itself. One page that is refused hides all. */
export async function readPages<T>(
  repository: GitHubRepository,
  operation: OperationName,
  { key, ...parameters }: Readonly<Record<string, unknown>> & { readonly key?: string } = {},
): Promise<Known<readonly T[]>> {
  const found: T[] = [];
  for (let page = 1; ; page += 1) {
    const answer = await known(
      repository.call<Readonly<Record<string, readonly T[]>> | readonly T[]>(operation, {
        ...parameters,
        per_page: PAGE,
        page,
      }),
    );
    if (!answer.known) return answer;
    const items = Array.isArray(answer.value)
      ? (answer.value as readonly T[])
      : ((answer.value as Readonly<Record<string, readonly T[]>>)[key ?? ''] ?? []);
    found.push(...items);
    if (items.length < PAGE) return { known: true, value: found };
  }
}
