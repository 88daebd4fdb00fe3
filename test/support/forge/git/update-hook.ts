import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitStore } from './git-store.ts';

/** Refuses what the words in `PEAK_FORGE_RULES` forbid; only git can see here whether a push is forced. */
const HOOK = `#!/bin/sh
ref=$1 old=$2 new=$3 zero=0000000000000000000000000000000000000000
refuse() { echo "GH013: Repository rule violations found for $ref. $1" >&2; exit 1; }
for rule in $PEAK_FORGE_RULES; do
  case "$rule" in
    "closed:$ref") refuse 'Changes must be made through a pull request, with its checks.' ;;
    "no-force:$ref")
      if [ "$old" != $zero ] && [ "$new" != $zero ]; then
        git merge-base --is-ancestor "$old" "$new" || refuse 'Cannot force-push to this branch.'
      fi ;;
    no-workflows)
      if [ "$new" != $zero ] && [ -n "$(git rev-list --max-count=1 "$new" --not --all -- .github/workflows)" ]; then
        refuse 'refusing to allow a GitHub App to create or update workflow without \`workflows\` permission'
      fi ;;
  esac
done
`;

/** Installs the hook that keeps branch rules when somebody pushes. */
export async function installUpdateHook(store: GitStore): Promise<void> {
  const path = join(store.folder, 'hooks/update');
  await mkdir(join(store.folder, 'hooks'), { recursive: true });
  await writeFile(path, HOOK);
  await chmod(path, 0o755);
}
