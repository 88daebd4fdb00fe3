// Loads per second of the configuration with 200 overrides, beside reading and parsing the same files: of files that stay the same,
// as a session finds them nearly always, and of files that differ at each load from all that were kept.
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { loadConfigWithLiveOverrides } from '../../dist/index.js';

const root = process.argv[2];
const options = { root, env: 'live', log: () => undefined, variables: {} };
const files = ['config/config.toml', 'config/promotion.toml', 'config/live_overrides/auto.toml'];

function perSecond(run) {
  for (let i = 0; i < 300; i += 1) run();
  const started = process.hrtime.bigint();
  for (let i = 0; i < 3000; i += 1) run();
  return 3000 / (Number(process.hrtime.bigint() - started) / 1e9);
}

const loads = perSecond(() => {
  if (loadConfigWithLiveOverrides(options).applied.length !== 200) process.exit(1);
});
const changing = Array.from({ length: 16 }, (_, i) => {
  const [configPath, overridesPath] = [files[0], files[2]].map((file) => {
    writeFileSync(`${root}/${file}.${i}`, `# ${i}\n${readFileSync(`${root}/${file}`, 'utf8')}`);
    return `${file}.${i}`;
  });
  return { ...options, configPath, overridesPath };
});
let turn = 0;
const changed = perSecond(() => {
  turn = (turn + 1) % changing.length;
  if (loadConfigWithLiveOverrides(changing[turn]).applied.length !== 200) process.exit(1);
});
const floor = perSecond(() => {
  for (const file of files) parse(readFileSync(`${root}/${file}`, 'utf8'), { integersAsBigInt: true });
});
process.stdout.write(JSON.stringify({ loads, changed, floor }));
