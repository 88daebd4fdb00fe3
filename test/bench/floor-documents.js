// The floor of learning over files: a bare synchronous loop that reads and parses.
import { readdirSync, readFileSync } from 'node:fs';

const folder = process.argv[2];
let sum = 0;
for (const name of readdirSync(folder))
  sum += JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')).new_value;
if (!(sum > 0)) process.exit(1);
