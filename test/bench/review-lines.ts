import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startForge } from '../support/forge/index.ts';
import { OTHER_BASES, OTHER_HEADS, PROMOTION, writeReviewRepository } from './review-repository.ts';

const run = promisify(execFile);
const TARGETS = 200;

/** What `review.js` prints, in milliseconds. */
interface Figures {
  readonly refetch: readonly number[];
  readonly read: readonly number[];
  readonly judge: readonly number[];
  readonly warm: readonly number[];
  readonly otherHeads: readonly number[];
  readonly otherBases: readonly number[];
  readonly cold: number;
  readonly blockers: readonly string[];
  readonly changes: number;
}

/** Milliseconds of a judgement on a mirror. */
export interface ReviewFigures {
  /** A process that clones first, and one that finds a mirror; both until the verdict, without the start of Node.js. */
  readonly cloned: number;
  readonly found: number;
  /** In a process that has judged before: asking GitHub, reading and judging, and of that the judging. */
  readonly fetch: number;
  readonly warm: number;
  readonly judge: number;
  /** The same of heads and of tips of the base that were not judged before: reading and judging. */
  readonly otherHead: number;
  readonly otherBase: number;
  readonly patches: number;
}

const middle = (figures: readonly number[]): number =>
  [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;

/** Measures a promotion of 200 parameters, with so many evidence files on the base, behind a local GitHub. Fails when the promotion is refused for anything but people: that would be another path. */
export async function measureReview(root: string, files: number, rounds: number): Promise<ReviewFigures> {
  const source = join(root, `source-${files}`);
  writeReviewRepository(source, files, TARGETS);
  const forge = await startForge();
  try {
    const owner = forge.createUser('ann');
    const repository = await forge.createRepository({ owner, name: 'x', files: { a: 'a' }, private: true });
    const branches = ['main', PROMOTION, ...OTHER_HEADS, ...OTHER_BASES];
    execFileSync('git', ['-C', source, 'push', '--quiet', '--force', repository.git.folder, ...branches]);
    const token = await forge.workflowTokenOf(repository, { contents: 'read' });
    const args = [
      join(import.meta.dirname, 'review.js'),
      join(root, `mirror-${files}`),
      `${forge.serverUrl}/ann/x.git`,
    ];
    const judged = async (): Promise<Figures> => {
      const others = [OTHER_HEADS.join(), OTHER_BASES.join()];
      const { stdout } = await run(process.execPath, [...args, token, String(rounds), ...others]);
      const figures = JSON.parse(stdout) as Figures;
      if (figures.blockers.join() !== 'APPROVALS_UNKNOWN') throw new Error(stdout);
      return figures;
    };
    const [first, second] = [await judged(), await judged()];
    return {
      cloned: first.cold,
      found: second.cold,
      fetch: middle(second.refetch),
      warm: middle(second.warm),
      judge: middle(second.judge),
      otherHead: middle(second.otherHeads),
      otherBase: middle(second.otherBases),
      patches: second.changes,
    };
  } finally {
    await forge.close();
  }
}
