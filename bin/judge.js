#!/usr/bin/env node
import { existsSync } from 'node:fs';

const built = new URL('../dist/app/start.js', import.meta.url);
if (existsSync(built)) {
  const { main } = await import(built.href);
  await main(process.argv.slice(2));
} else {
  process.stderr.write(
    'error: not built: there is no dist/\n  help: run "npm ci" (without --ignore-scripts)\n',
  );
  process.exitCode = 2;
}
