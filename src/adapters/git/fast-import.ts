import { type CommitRequest, PEAK_COMMITTER } from '../../cycles/git-port.ts';

/** What a stream needs besides the request. */
export interface ImportContext {
  /** The tree of the base commit. */
  readonly baseTree: string;
  /** Where the governed root lies below the top: `''` or `a/b/`. */
  readonly scopePrefix: string;
  /** A ref that nobody else uses. */
  readonly scratchRef: string;
}

/**
 * Formats a commit as a git-fast-import(1) stream whose output is the new commit's id. The stream names a ref, as it must,
 * and takes it back at its end: the import stores objects and moves nothing.
 */
export function formatImport(request: CommitRequest, context: ImportContext): Buffer {
  const seconds = Math.floor(request.time / 1000);
  const [parent, ...merged] = new Set(request.parents);
  const { baseTree, scopePrefix, scratchRef } = context;
  return Buffer.concat([
    text(`commit ${scratchRef}\nmark :1\n`),
    text(`author ${PEAK_COMMITTER} ${seconds} +0000\ncommitter ${PEAK_COMMITTER} ${seconds} +0000\n`),
    data(Buffer.from(request.message)),
    text(`from ${parent}\n${merged.map((oid) => `merge ${oid}\n`).join('')}`),
    text(`M 040000 ${baseTree} ""\n`),
    ...[...request.files].flatMap(([path, bytes]) => [
      text(`M 100644 inline ${quotePath(scopePrefix + path)}\n`),
      data(bytes),
    ]),
    text(`get-mark :1\nreset ${scratchRef}\nfrom ${'0'.repeat(baseTree.length)}\n\ndone\n`),
  ]);
}

/** Quotes a path for fast-import, in C style; every byte but plain printable ASCII becomes octal. */
export function quotePath(path: string): string {
  const quoted = Array.from(Buffer.from(path), (byte) => {
    const char = String.fromCharCode(byte);
    return /[ !#-[\]-~]/.test(char) ? char : `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `"${quoted.join('')}"`;
}

function data(bytes: Uint8Array): Buffer {
  return Buffer.concat([text(`data ${bytes.length}\n`), bytes, text('\n')]);
}

function text(value: string): Buffer {
  return Buffer.from(value);
}
