// Audits the whole line of HEAD as `peak audit` does, but derives no promotion again: `node audit.js FOLDER`; prints how many deviate.
import { openGitRepository } from '../../dist/adapters/git/index.js';
import { auditBranch } from '../../dist/cycles/audit.js';

const git = await openGitRepository(process.argv[2]);
const now = Date.now();
const head = await git.resolve('HEAD');
const report = await auditBranch(git, { head, now, since: now });
process.stdout.write(`${report.value.counts.commits} ${report.value.deviations.length}\n`);
