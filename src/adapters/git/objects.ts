import { AppError, BugError } from '../../kernel/app-error.ts';
import { gitOutput, type RunGit } from './git-process.ts';
import { assertObjectId } from './object-id.ts';

const NEWLINE = 0x0a;

/** Answers the exact bytes of blobs, in the order asked; one process for all. */
export async function readBlobs(run: RunGit, oids: readonly string[]): Promise<Uint8Array[]> {
  for (const oid of oids) assertObjectId(oid);
  // Without input git would wait for some forever.
  if (oids.length === 0) return [];
  const output = await gitOutput(
    run,
    ['cat-file', '--batch', '--buffer'],
    Buffer.from(`${oids.join('\n')}\n`),
  );
  return parseBlobs(output, oids);
}

/** Reads `git cat-file --batch`: per object `<oid> <type> <size>`, a newline, the bytes, a newline. */
function parseBlobs(output: Buffer, oids: readonly string[]): Uint8Array[] {
  let at = 0;
  return oids.map((oid) => {
    const end = output.indexOf(NEWLINE, at);
    const [name, type, size] = output.toString('latin1', at, end).split(' ');
    if (name !== oid) throw new BugError(`git cat-file answered ${name} where ${oid} was asked`);
    if (type !== 'blob') throw notABlob(oid, type);
    at = end + 1 + Number(size) + 1;
    return new Uint8Array(output.subarray(end + 1, at - 1));
  });
}

/** Answers which object each expression names (e.g. `<oid>^{tree}`), or null; the expressions are our own, never foreign text. */
export async function resolveObjects(
  run: RunGit,
  expressions: readonly string[],
): Promise<(string | null)[]> {
  const input = Buffer.from(`${expressions.join('\n')}\n`);
  const output = await gitOutput(run, ['cat-file', '--batch-check=%(objectname)'], input);
  const answers = output.toString('latin1').split('\n');
  return expressions.map((_, index) => answers[index]?.match(/^[0-9a-f]+$/)?.[0] ?? null);
}

/** Answers the size of each object's bytes; an object that is not there (a submodule's commit) has none. */
export async function readSizes(run: RunGit, oids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  for (const oid of oids) assertObjectId(oid);
  if (oids.length === 0) return new Map();
  const input = Buffer.from(`${oids.join('\n')}\n`);
  const output = await gitOutput(run, ['cat-file', '--batch-check=%(objectname) %(objectsize)'], input);
  const lines = output.toString('latin1').split('\n');
  const pairs = lines.map((line): [string, number] => [
    line.slice(0, line.indexOf(' ')),
    Number(line.split(' ')[1]),
  ]);
  return new Map(pairs.filter(([, size]) => Number.isSafeInteger(size)));
}

function notABlob(oid: string, type: string | undefined): AppError {
  return new AppError('GIT_FAILED', `object ${oid} is no file of this repository: ${type ?? 'unknown'}`, {
    hint: 'fetch the missing history, or run `git fsck` if this clone should be complete',
  });
}
