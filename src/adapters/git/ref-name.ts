// The rules of git-check-ref-format(1), in its order; the last is the one for branches.
const FORBIDDEN = [
  /(?:^|\/)\./,
  /\.lock(?:\/|$)/,
  /\.\./,
  /[\0-\x20\x7f~^:?*[\\\p{Cs}]/u,
  /\/$|\/\//,
  /\.$/,
  /@\{/,
  /^refs\/heads\/(?:-|HEAD$)/,
];

/** Whether a text is a full, well-formed ref name such as `refs/heads/main`; it then holds no pattern and no option. */
export function isRefName(ref: string): boolean {
  return ref.startsWith('refs/') && !FORBIDDEN.some((rule) => rule.test(ref));
}
