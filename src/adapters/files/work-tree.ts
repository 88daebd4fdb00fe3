import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { WorkTree } from '../../cycles/work-tree-port.ts';
import { AppError } from '../../kernel/app-error.ts';
import {
  AUTO_TOML_PATH,
  EVIDENCE_PATH,
  LEARNING_OVERRIDE_PATH,
  PROPOSALS_PATH,
} from '../../kernel/governed-paths.ts';
import { fileFault, isMissing } from '../file-fault.ts';
import {
  removeUnfinished,
  UNFINISHED_PREFIX,
  writeFileAtomically,
  writeFolderAtomically,
} from './atomic-write.ts';
import { readEvidenceFiles } from './evidence-files.ts';
import { decodeUtf8, readFileBytes } from './read-file.ts';
import { PATIENCE_MS, withRunLock } from './run-lock.ts';

/** Where writes can leave something unfinished when they are killed. */
const WRITTEN_FOLDERS = [
  dirname(AUTO_TOML_PATH),
  dirname(LEARNING_OVERRIDE_PATH),
  EVIDENCE_PATH,
  PROPOSALS_PATH,
];

const LOCK_PATH = '.peak/run.lock';

/** No governed file other than evidence is anywhere near this. */
const MAX_GOVERNED_BYTES = 64 * 1024 * 1024;

/** A governed folder on disk. */
export function openWorkTree(root: string): WorkTree {
  return {
    readText: (path) => readGovernedText(root, path),
    readEvidence: (evidence, onProgress) => readEvidenceFiles(root, evidence, onProgress),
    listNames: (path) => listNames(join(root, path)),
    write: (path, content) => {
      refuseOutside(root, path);
      const bytes = typeof content === 'string' ? content : readAnyBytes(root, content.bytesOf);
      if (bytes !== null) writeFileAtomically(join(root, path), bytes);
    },
    writeFolder: (path, files) => {
      refuseOutside(root, path);
      return writeFolderAtomically(join(root, path), files);
    },
    exclusively: (run) => {
      refuseOutside(root, LOCK_PATH);
      return withRunLock(join(root, LOCK_PATH), PATIENCE_MS, () => {
        for (const folder of WRITTEN_FOLDERS) {
          // A folder that leads out of the root holds nothing of ours to remove; whoever writes there refuses it.
          if (leadsInside(root, folder)) removeUnfinished(join(root, folder));
        }
        return run();
      });
    },
  };
}

function readGovernedText(root: string, path: string): string | null {
  const absolute = join(root, path);
  try {
    refuseOutside(root, path);
    const found = lstatSync(absolute);
    if (found.isSymbolicLink()) throw linkError(path);
    if (!found.isFile())
      throw new AppError('FILE_SYSTEM', `cannot read ${path}: it is a folder or a special file`);
    const read = readFileBytes(absolute, MAX_GOVERNED_BYTES);
    if ('tooLarge' in read)
      throw new AppError(
        'FILE_SYSTEM',
        `${path} has ${read.tooLarge} bytes, over the limit of ${MAX_GOVERNED_BYTES}`,
      );
    const text = decodeUtf8(read.bytes);
    if (text === null) throw new AppError('FILE_SYSTEM', `${path} is not valid UTF-8`);
    return text;
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (isMissing(error)) return null;
    throw fileFault(error, `cannot read ${path}`);
  }
}

/** What stands there, whatever it says; null where nothing can be read. */
function readAnyBytes(root: string, path: string): Uint8Array | null {
  try {
    refuseOutside(root, path);
    const read = readFileBytes(join(root, path), MAX_GOVERNED_BYTES);
    return 'tooLarge' in read ? null : Uint8Array.from(read.bytes);
  } catch {
    return null;
  }
}

/** A folder that is a link out of the governed root, or to nothing, is no governed folder. */
function refuseOutside(root: string, path: string): void {
  try {
    const inside = realpathSync(root);
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
      if (lstatSync(join(root, folder), { throwIfNoEntry: false }) === undefined) continue;
      const real = realpathSync(join(root, folder));
      if (real !== inside && !real.startsWith(inside + sep)) throw linkError(folder);
      return;
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    // What is not there leads nowhere; whoever reads or writes it finds that out.
    if (!isMissing(error)) throw fileFault(error, `cannot reach ${path}`);
  }
}

function leadsInside(root: string, folder: string): boolean {
  try {
    refuseOutside(root, `${folder}/file`);
    return true;
  } catch {
    return false;
  }
}

function linkError(path: string): AppError {
  return new AppError(
    'FILE_SYSTEM',
    `${path} is a symbolic link; governed files are real files inside the repository`,
    {
      hint: 'replace the link by the file itself',
    },
  );
}

function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith(UNFINISHED_PREFIX))
      .sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw fileFault(error, `cannot list ${folder}`);
  }
}
