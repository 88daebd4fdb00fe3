// The floor of learning over JSON Lines: chunks, split, JSON.parse.
import { openSync, readSync } from 'node:fs';

const file = openSync(process.argv[2], 'r');
const chunk = Buffer.allocUnsafe(1024 * 1024);
let rest = '';
let sum = 0;
for (;;) {
  const count = readSync(file, chunk, 0, chunk.length, null);
  if (count === 0) break;
  const lines = (rest + chunk.toString('utf8', 0, count)).split('\n');
  rest = lines.pop();
  for (const line of lines) sum += JSON.parse(line).new_value;
}
if (!(sum > 0)) process.exit(1);
