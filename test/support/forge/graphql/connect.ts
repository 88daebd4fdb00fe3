import { Refusal } from '../http/refusal.ts';

/** Which part of a list is asked for. */
export interface Part {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
}

/** https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#node-limit */
const LARGEST_PAGE = 100;

/** A page of a list, whose items have ids that count upwards: GitHub wants to know how many, at most 100. */
export function connect<T, V>(
  items: readonly T[],
  { first, last, after }: Part,
  { idOf, view }: { readonly idOf: (item: T, index: number) => number; readonly view: (item: T) => V },
) {
  const size = first ?? last;
  if (size == null || size < 1 || size > LARGEST_PAGE)
    throw new Refusal(422, 'You must provide a `first` or `last` value of 1 to 100 to properly paginate.');
  const from = after == null ? Number.NEGATIVE_INFINITY : readCursor(after);
  const rest = items.filter((item, index) => idOf(item, index) > from);
  const shown = first == null ? rest.slice(-size) : rest.slice(0, size);
  const end = shown.at(-1);
  return {
    nodes: shown.map(view),
    pageInfo: {
      hasNextPage: first != null && rest.length > shown.length,
      endCursor: end === undefined ? null : writeCursor(idOf(end, items.indexOf(end))),
    },
  };
}

function writeCursor(id: number): string {
  return Buffer.from(`cursor:${id}`).toString('base64');
}

function readCursor(cursor: string): number {
  const [, id] = /^cursor:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString('utf8')) ?? [];
  if (id === undefined) throw new Refusal(422, `\`${cursor}\` does not appear to be a valid cursor.`);
  return Number(id);
}
