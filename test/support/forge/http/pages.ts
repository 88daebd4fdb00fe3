import type { Json } from '../world/model.ts';

/** https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api. */
const DEFAULT_PAGE = 30;
const LARGEST_PAGE = 100;

/** A page of a list, and the `Link` header that leads on. */
export interface Page {
  readonly body: unknown;
  readonly link: string | null;
}

/** Cuts a list, or the list in `{total_count, …}`, to the page that was asked for. */
export function cutPage(body: unknown, url: URL): Page {
  if (Array.isArray(body)) return page(body, url, (items) => items);
  const record = body as Json | null;
  const hasTotal = typeof record === 'object' && record !== null && 'total_count' in record;
  const list = hasTotal ? Object.entries(record).find(([, value]) => Array.isArray(value)) : undefined;
  if (list === undefined) return { body, link: null };
  const [name, items] = list;
  return page(items as readonly unknown[], url, (part) => ({ ...record, [name]: part }));
}

function page(items: readonly unknown[], url: URL, wrap: (items: readonly unknown[]) => unknown): Page {
  const size = Math.min(numberOf(url, 'per_page') ?? DEFAULT_PAGE, LARGEST_PAGE);
  const number = Math.max(numberOf(url, 'page') ?? 1, 1);
  const last = Math.max(Math.ceil(items.length / size), 1);
  const links = [
    ...(number > 1 ? [linkTo(url, number - 1, 'prev'), linkTo(url, 1, 'first')] : []),
    ...(number < last ? [linkTo(url, number + 1, 'next'), linkTo(url, last, 'last')] : []),
  ];
  return {
    body: wrap(items.slice((number - 1) * size, number * size)),
    link: links.length === 0 ? null : links.join(', '),
  };
}

function numberOf(url: URL, name: string): number | null {
  const value = Number(url.searchParams.get(name));
  return Number.isInteger(value) && value > 0 ? value : null;
}

function linkTo(url: URL, number: number, relation: string): string {
  const target = new URL(url);
  target.searchParams.set('page', String(number));
  return `<${target.href}>; rel="${relation}"`;
}
