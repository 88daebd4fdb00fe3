/** A process beside the test's, on the same folder: `MIRROR` says where. Sends what it saw. */
import { openMirror } from '../../../src/adapters/mirror/index.ts';

const { folder, url, token, pull } = JSON.parse(process.env['MIRROR'] ?? '{}') as {
  readonly folder: string;
  readonly url: string;
  readonly token: string;
  readonly pull: number;
};
const mirror = openMirror(folder, { id: 7, url, token: async () => token });
const seen: string[] = [];
for (let round = 0; round < 6; round += 1) {
  const base = await mirror.syncBase('main');
  const found = await mirror.syncHead({ pull });
  if (base === null || found === null) throw new Error('not there');
  await found.repository.mergeTree(base.tip, found.head);
  await mirror.repository.firstParents(base.tip);
  seen.push(base.tip, found.head);
  await found.release();
}
process.send?.(seen);
