// Loads per second of the configuration with 200 overrides, beside reading and parsing the same files.
import { readFileSync } from 'node:fs';
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
const floor = perSecond(() => {
  for (const file of files) parse(readFileSync(`${root}/${file}`, 'utf8'), { integersAsBigInt: true });
});
process.stdout.write(JSON.stringify({ loads, floor }));
