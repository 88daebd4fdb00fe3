import type { WorkTree } from '../../../src/cycles/work-tree-port.ts';
import { sha256Hex } from '../../../src/kernel/digest.ts';
import { EVIDENCE_PATH } from '../../../src/kernel/governed-paths.ts';
import type { Evidence } from '../../../src/learning/index.ts';

/** A governed folder in memory: path → text. Evidence is read as whole documents, in order of its path. */
export class MemoryWorkTree implements WorkTree {
  readonly files: Map<string, string>;

  constructor(files: Iterable<readonly [path: string, text: string]>) {
    this.files = new Map(files);
  }

  readText(path: string): string | null {
    return this.files.get(path) ?? null;
  }

  readEvidence(evidence: Evidence): void {
    for (const path of [...this.files.keys()].filter((name) => name.startsWith(`${EVIDENCE_PATH}/`)).sort()) {
      const text = this.files.get(path) as string;
      evidence.addDocument(evidence.addFile(path, sha256Hex(text)), text);
    }
  }

  listNames(path: string): readonly string[] {
    const inside = [...this.files.keys()].filter((name) => name.startsWith(`${path}/`));
    return [...new Set(inside.map((name) => name.slice(path.length + 1).split('/')[0] as string))].sort();
  }

  write(path: string, text: string): void {
    this.files.set(path, text);
  }

  writeFolder(path: string, files: ReadonlyMap<string, string>): boolean {
    if (this.listNames(path).length > 0) return false;
    for (const [name, text] of files) this.files.set(`${path}/${name}`, text);
    return true;
  }

  exclusively<T>(run: () => T): T {
    return run();
  }
}
