const KINDS: readonly (readonly [RegExp, string])[] = [
  [/:moved$/, 'moved'],
  [/^[^#:]*:(group|comment):/, '$1'],
  [/^[^#:]*#\d+$/, 'evaluate'],
  [/^[^#:]*:#\d+:([a-z]{1,20})$/, '$1'],
  [/^[^#:]*:(audit|reconcile)$/, '$1'],
];

/**
 * What a job of a repository's judge is about, by its key, without whose it is. Names of repositories and branches are nothing for
 * `/metrics`, which asks nobody who they are; and whoever may push chooses names.
 */
export function jobKindOf(key: string): string {
  for (const [pattern, kind] of KINDS) {
    const found = pattern.exec(key);
    if (found !== null) return kind.replace('$1', found[1] ?? '');
  }
  return 'other';
}
