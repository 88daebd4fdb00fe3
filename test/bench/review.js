// Judges one promotion on a mirror: `node review.js FOLDER URL TOKEN ROUNDS HEADS BASES`; prints milliseconds. The last two are branches, with commas between.
import { openMirror } from '../../dist/adapters/mirror/index.js';
import { ObjectMemory } from '../../dist/cycles/object-memory.js';
import { readSnapshot } from '../../dist/cycles/read-snapshot.js';
import { LOOPS } from '../../dist/cycles/rebuild.js';
import { rememberRepository } from '../../dist/cycles/remember-repository.js';
import { judge } from '../../dist/review/index.js';

const [folder, url, token, rounds, heads, bases] = process.argv.slice(2);
const now = (Number(process.env.SOURCE_DATE_EPOCH) + 60) * 1000;
const started = performance.now();
const mirror = openMirror(folder, { id: 7, url, token: async () => token });
const objects = new ObjectMemory();
const figures = { fetch: [], refetch: [], read: [], judge: [], warm: [], otherHeads: [], otherBases: [] };

const sync = async (baseBranch = 'main', headBranch = 'peak/promotion/manual') => {
  const before = performance.now();
  const base = await mirror.syncBase(baseBranch);
  const head = await mirror.syncHead({ branch: headBranch });
  return { base, head, took: performance.now() - before };
};
const decide = async ({ base, head }) => {
  const before = performance.now();
  const snapshot = await readSnapshot(rememberRepository(head.repository, objects), {
    base: base.tip,
    head: head.head,
    now,
  });
  const between = performance.now();
  const verdict = judge(snapshot, LOOPS);
  const after = performance.now();
  return { verdict, read: between - before, judge: after - between, warm: after - before };
};

const first = await sync();
const { verdict, warm: decided } = await decide(first);
figures.fetch.push(first.took);
figures.cold = performance.now() - started;
figures.decided = decided;
await first.head.release();
for (let round = 0; round < Number(rounds); round += 1) {
  const again = await sync();
  figures.refetch.push(again.took);
  const { read, judge: judged, warm } = await decide(again);
  figures.read.push(read);
  figures.judge.push(judged);
  figures.warm.push(warm);
  await again.head.release();
}
const judgeOther = async (figure, ...branches) => {
  const other = await sync(...branches);
  figure.push((await decide(other)).warm);
  await other.head.release();
};
for (const branch of heads.split(',')) await judgeOther(figures.otherHeads, 'main', branch);
for (const branch of bases.split(',')) await judgeOther(figures.otherBases, branch);
// What it decided belongs to the figures: a promotion that fails early would be fast.
const blockers = verdict.rules
  .flatMap(({ findings }) => findings)
  .filter(({ outcome }) => outcome !== 'noted');
process.stdout.write(
  JSON.stringify({ ...figures, blockers: blockers.map(({ code }) => code), changes: verdict.changes.length }),
);
