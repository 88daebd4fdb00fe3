// Reads the whole typed history of a commit: `node history.js FOLDER COMMIT`, and prints how many events it has.
import { openGitRepository } from '../../dist/adapters/git/index.js';
import { readMergedProposal } from '../../dist/cycles/read-merged-proposal.js';
import { readHistory } from '../../dist/history/index.js';

const [folder, head] = process.argv.slice(2);
const source = await openGitRepository(folder);
const history = await readHistory(source, {
  head,
  now: Date.now(),
  since: null,
  readProposal: readMergedProposal,
});
const counts = new Map();
for (const { kind } of history.value.events) counts.set(kind, (counts.get(kind) ?? 0) + 1);
process.stdout.write(`${JSON.stringify(Object.fromEntries(counts))}\n`);
