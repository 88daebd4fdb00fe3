import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listAnchors, listDocuments, proseOf, ROOT, readDocument } from './markdown.ts';

const DOCUMENTS = listDocuments([
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'docs',
  'examples/session/README.md',
]);
const LINK = /\[[^\]]*\]\(([^()\s]+)\)/g;

/** What is wrong with the relative links of a document; web addresses are not looked up. */
function findDeadLinks(document: string): readonly string[] {
  return [...proseOf(readDocument(document)).matchAll(LINK)].flatMap(([, href = '']) => {
    if (/^[a-z]+:/.test(href)) return [];
    const [path = '', anchor] = href.split('#');
    const target =
      path === '' ? document : posix.normalize(posix.join(posix.dirname(document), decodeURI(path)));
    if (target.startsWith('..') || !existsSync(join(ROOT, target))) return [`${href}: no such file`];
    if (anchor === undefined) return [];
    return target.endsWith('.md') && listAnchors(readDocument(target)).has(anchor)
      ? []
      : [`${href}: no such heading`];
  });
}

describe('links', () => {
  it.each(DOCUMENTS)('of %s lead somewhere', (document) => {
    expect(findDeadLinks(document)).toEqual([]);
  });

  it('are seen at all', () => {
    const count = DOCUMENTS.reduce(
      (sum, path) => sum + [...proseOf(readDocument(path)).matchAll(LINK)].length,
      0,
    );
    expect(count).toBeGreaterThan(20);
  });
});
