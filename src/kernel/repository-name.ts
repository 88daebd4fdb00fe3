/** GitHub: a login has up to 39 letters, digits and hyphens; a repository's name 100 characters. */
const NAME = /^([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))\/([A-Za-z0-9_.-]{1,100})$/;

/** A repository on GitHub as `owner/name`; null for a text that is none. */
export function parseRepositoryName(text: string): { readonly owner: string; readonly repo: string } | null {
  const [, owner = '', repo = ''] = NAME.exec(text) ?? [];
  return owner === '' || /^\.{1,2}$/.test(repo) ? null : { owner, repo };
}
