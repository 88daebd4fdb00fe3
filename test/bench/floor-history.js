// What git alone takes for the same history: `git log --raw`, and `git cat-file --batch` of every version of a governed file.
import { execFileSync } from 'node:child_process';

const [folder, head] = process.argv.slice(2);
const paths = [
  'config/promotion.toml',
  'config/config.toml',
  'config/live_overrides/auto.toml',
  'reports/live_promotion',
];
const git = (args, input) => execFileSync('git', args, { cwd: folder, input, maxBuffer: 1024 ** 3 });
const log = git([
  'log',
  '-z',
  '--raw',
  '--first-parent',
  '--no-renames',
  '--no-abbrev',
  '--format=%H',
  head,
  '--',
  ...paths,
]);
const oids = new Set();
const records = log.toString('latin1').split('\0');
for (let i = 0; i < records.length; i += 1) {
  if (!records[i].trimStart().startsWith(':')) continue;
  if (/\.toml$|proposal_meta\.json$/.test(records[i + 1])) oids.add(records[i].split(' ')[3]);
}
process.stdout.write(`${git(['cat-file', '--batch', '--buffer'], [...oids].join('\n')).length}\n`);
