/** A repository in a browser. */
export interface WebPlace {
  /** e.g. `https://github.com`. */
  readonly server: string;
  /** `owner/name`. */
  readonly repository: string;
  /** Where the governed root lies below the top: `''` or `a/b/`. */
  readonly prefix: string;
}

/** The address of a file at a commit, safe inside the parentheses of a Markdown link. */
export function fileUrl({ server, repository, prefix }: WebPlace, commit: string, path: string): string {
  return `${server}/${repository}/blob/${commit}/${encodePath(`${prefix}${path}`)}`;
}

function encodePath(path: string): string {
  const encoded = path
    .replaceAll(/[\ud800-\udfff]/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
  return encoded.replaceAll(/[()'*!~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
