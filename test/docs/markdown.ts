import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** The project's root. */
export const ROOT = join(import.meta.dirname, '../..');

/** A fenced block of a document. */
export interface CodeBlock {
  /** What stands behind the fence, e.g. `bash` or `text output`. */
  readonly info: string;
  /** Line of the fence, from 1. */
  readonly line: number;
  readonly text: string;
  /** Whether only blank lines stand between this block and the one before. */
  readonly follows: boolean;
}

/** Markdown files below folders or by name, relative to the root, sorted. */
export function listDocuments(places: readonly string[]): readonly string[] {
  return places.flatMap((place) => (place.endsWith('.md') ? [place] : markdownBelow(place))).sort();
}

function markdownBelow(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

/** The text of a document. */
export function readDocument(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** All fenced blocks in order. A fence that is never closed throws. */
export function listCodeBlocks(markdown: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { info: string; line: number; fence: string; indent: number; text: string[] } | null = null;
  let follows = false;
  for (const [i, line] of markdown.split('\n').entries()) {
    const fence = /^( *)(`{3,})(.*)$/.exec(line);
    if (open === null) {
      if (fence === null) follows &&= line.trim() === '';
      else
        open = {
          info: fence[3]?.trim() ?? '',
          line: i + 1,
          fence: fence[2] ?? '',
          indent: fence[1]?.length ?? 0,
          text: [],
        };
    } else if (fence?.[2] === open.fence && fence[3] === '') {
      blocks.push({ info: open.info, line: open.line, text: `${open.text.join('\n')}\n`, follows });
      open = null;
      follows = true;
    } else open.text.push(line.slice(open.indent));
  }
  if (open !== null) throw new Error(`the block of line ${open.line} is never closed`);
  return blocks;
}

/** The document without fenced blocks, inline code and comments; lines stay where they are. */
export function proseOf(markdown: string): string {
  const blank = (text: string): string => text.replaceAll(/[^\n]/g, ' ');
  return markdown
    .replaceAll(/^( *)(`{3,}).*\n[\s\S]*?^\1\2 *$/gm, blank)
    .replaceAll(/<!--[\s\S]*?-->/g, blank)
    .replaceAll(/`[^`\n]*`/g, blank);
}

/** The anchors of a document's headings, as GitHub makes them. */
export function listAnchors(markdown: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  const withoutBlocks = markdown.replaceAll(/^( *)(`{3,}).*\n[\s\S]*?^\1\2 *$/gm, '');
  for (const [, title = ''] of withoutBlocks.matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const slug = slugOf(title);
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    anchors.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return anchors;
}

function slugOf(title: string): string {
  return title
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
