import type { WorkTree } from '../../../src/cycles/work-tree-port.ts';
import { sha256Hex } from '../../../src/kernel/digest.ts';
import { EVIDENCE_PATH } from '../../../src/kernel/governed-paths.ts';

/** A governed folder in memory that records what is done to it, in order. */
export class MemoryWorkTree implements WorkTree {
  readonly files: Map<string, string>;
  /** `write path`, `folder path`, `lock` and `unlock`. */
  readonly calls: string[] = [];

  constructor(files: Readonly<Record<string, string>> = {}) {
    this.files = new Map(Object.entries(files));
  }

  readonly readText: WorkTree['readText'] = (path) => this.files.get(path) ?? null;

  readonly readEvidence: WorkTree['readEvidence'] = (evidence) => {
    for (const path of [...this.files.keys()].sort()) {
      if (!path.startsWith(`${EVIDENCE_PATH}/`)) continue;
      const text = this.files.get(path) ?? '';
      const file = evidence.addFile(path, sha256Hex(text));
      if (path.endsWith('.json')) evidence.addDocument(file, text);
      else {
        const lines = text.split('\n');
        for (const [i, line] of lines.entries()) evidence.addLine(file, i + 1, line, i === lines.length - 1);
      }
    }
  };

  readonly listNames: WorkTree['listNames'] = (path) => {
    const below = [...this.files.keys()].filter((name) => name.startsWith(`${path}/`));
    return [...new Set(below.map((name) => name.slice(path.length + 1).split('/')[0] ?? ''))].sort();
  };

  readonly write: WorkTree['write'] = (path, content) => {
    const text = typeof content === 'string' ? content : this.files.get(content.bytesOf);
    if (text === undefined) return;
    this.calls.push(`write ${path}`);
    this.files.set(path, text);
  };

  readonly writeFolder: WorkTree['writeFolder'] = (path, files) => {
    this.calls.push(`folder ${path}`);
    if ([...this.files.keys()].some((name) => name === path || name.startsWith(`${path}/`))) return false;
    for (const [name, text] of files) this.files.set(`${path}/${name}`, text);
    return true;
  };

  readonly exclusively: WorkTree['exclusively'] = (run) => {
    this.calls.push('lock');
    try {
      return run();
    } finally {
      this.calls.push('unlock');
    }
  };
}
