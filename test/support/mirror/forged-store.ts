import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { GIT_ENVIRONMENT } from '../forge/git/run-git.ts';
import type { Repository } from '../forge/index.ts';

const PERSON = 'Eve <eve@example.com> 1795300000 +0000';

/** An entry of a tree as it is stored: any mode, any name. */
export interface RawEntry {
  readonly mode: string;
  readonly name: string;
  readonly oid: string;
}

/** Writes objects into a repository of the local GitHub that no honest git would write: past every check, straight into its store. */
export class ForgedStore {
  readonly #folder: string;

  constructor(repository: Repository) {
    this.#folder = repository.git.folder;
  }

  git(args: readonly string[], input: string | Buffer = ''): string {
    const options = { input, env: GIT_ENVIRONMENT, maxBuffer: 2 ** 28, stdio: 'pipe' } as const;
    return execFileSync('git', ['--git-dir', this.#folder, ...args], options)
      .toString('latin1')
      .trim();
  }

  object(type: 'blob' | 'tree' | 'commit', bytes: string | Buffer): string {
    return this.git(['hash-object', '-w', '--literally', '--stdin', '-t', type], bytes);
  }

  /** In the order given. */
  tree(entries: readonly RawEntry[]): string {
    const parts = entries.flatMap(({ mode, name, oid }) => [
      Buffer.from(`${mode} ${name}\0`),
      Buffer.from(oid, 'hex'),
    ]);
    return this.object('tree', Buffer.concat(parts));
  }

  /** A commit on the default branch, with or without what a commit has to have. */
  commit(tree: string, lines: readonly string[] = [`author ${PERSON}`, `committer ${PERSON}`]): string {
    const parent = this.git(['rev-parse', 'refs/heads/main']);
    return this.object('commit', `${[`tree ${tree}`, `parent ${parent}`, ...lines].join('\n')}\n\nx\n`);
  }

  /** A branch whose head holds one file of these bytes. */
  branchOf(name: string, blob: string): string {
    return this.branch(name, this.commit(this.tree([{ mode: '100644', name: 'file', oid: blob }])));
  }

  branch(name: string, commit: string): string {
    this.git(['update-ref', `refs/heads/${name}`, commit]);
    return commit;
  }

  /**
   * Stores a blob, and others as deltas: each is made of copies of the one before, so many times, and a few bytes of its own. Answers
   * their ids; a pack that is sent carries the deltas as they are.
   */
  deltas(base: Buffer, steps: readonly number[]): readonly string[] {
    const blobs = [base];
    const objects = [packed(OBJ_BLOB, base)];
    for (const [i, copies] of steps.entries()) {
      const before = blobs[i] as Buffer;
      const tail = Buffer.from(String(i));
      const blob = Buffer.concat([...Array.from({ length: copies }, () => before), tail]);
      blobs.push(blob);
      objects.push(packed(OBJ_REF_DELTA, blob, { base: before, copies, tail }));
    }
    return this.#pack(objects);
  }

  /** Stores a blob, and so many that differ from it in a few bytes at the end, as deltas; answers their ids. */
  variants(base: Buffer, count: number): readonly string[] {
    const variants = Array.from({ length: count }, (_, i) => {
      const tail = Buffer.from(`tail ${i}`);
      return packed(OBJ_REF_DELTA, Buffer.concat([base, tail]), { base, copies: 1, tail });
    });
    return this.#pack([packed(OBJ_BLOB, base), ...variants]).slice(1);
  }

  /** With an index of our own, because git's would unpack everything first. */
  #pack(objects: readonly Packed[]): readonly string[] {
    const head = Buffer.alloc(12);
    head.write('PACK');
    head.writeUInt32BE(2, 4);
    head.writeUInt32BE(objects.length, 8);
    const body = Buffer.concat([head, ...objects.map(({ bytes }) => bytes)]);
    const sum = sha1(body);
    const path = join(this.#folder, 'objects/pack', `pack-${sum.toString('hex')}`);
    writeFileSync(`${path}.pack`, Buffer.concat([body, sum]));
    writeFileSync(`${path}.idx`, packIndex(objects, sum));
    return objects.map(({ oid }) => oid.toString('hex'));
  }
}

// gitformat-pack(5)
const OBJ_BLOB = 3;
const OBJ_REF_DELTA = 7;
const MAX_COPY_BYTES = 0xffffff;

/** An object as it stands in a pack. */
interface Packed {
  readonly oid: Buffer;
  readonly bytes: Buffer;
}

interface Delta {
  readonly base: Buffer;
  readonly copies: number;
  readonly tail: Buffer;
}

function sha1(...parts: readonly (string | Buffer)[]): Buffer {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function oidOf(blob: Buffer): Buffer {
  return sha1(`blob ${blob.length}\0`, blob);
}

function packed(type: number, blob: Buffer, made?: Delta): Packed {
  const stored = made === undefined ? blob : delta(made.base.length, made.copies, made.tail);
  const reference = made === undefined ? Buffer.alloc(0) : oidOf(made.base);
  const head = [(type << 4) | (stored.length & 15)];
  for (let rest = stored.length >> 4; rest > 0; rest >>= 7) {
    head[head.length - 1] = (head.at(-1) as number) | 0x80;
    head.push(rest & 0x7f);
  }
  return { oid: oidOf(blob), bytes: Buffer.concat([Buffer.from(head), reference, deflateSync(stored)]) };
}

/** Version 1: how many ids begin with each byte or a smaller one, then offset and id, sorted by id. */
function packIndex(objects: readonly Packed[], packSum: Buffer): Buffer {
  let at = 12;
  const placed = objects.map(({ oid, bytes }) => {
    const offset = Buffer.alloc(4);
    offset.writeUInt32BE(at);
    at += bytes.length;
    return { oid, offset };
  });
  placed.sort((a, b) => Buffer.compare(a.oid, b.oid));
  const fanout = Buffer.alloc(1024);
  for (let byte = 0; byte < 256; byte += 1)
    fanout.writeUInt32BE(placed.filter(({ oid }) => (oid[0] as number) <= byte).length, byte * 4);
  const body = Buffer.concat([fanout, ...placed.flatMap(({ offset, oid }) => [offset, oid]), packSum]);
  return Buffer.concat([body, sha1(body)]);
}

function delta(baseBytes: number, copies: number, tail: Buffer): Buffer {
  const pieces: Buffer[] = [variable(baseBytes), variable(baseBytes * copies + tail.length)];
  for (let i = 0; i < copies; i += 1) {
    for (let at = 0; at < baseBytes; at += MAX_COPY_BYTES)
      pieces.push(copy(at, Math.min(MAX_COPY_BYTES, baseBytes - at)));
  }
  return Buffer.concat([...pieces, Buffer.from([tail.length]), tail]);
}

function copy(offset: number, size: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes[0] = 0xff;
  bytes.writeUInt32LE(offset, 1);
  bytes.writeUIntLE(size, 5, 3);
  return bytes;
}

function variable(number: number): Buffer {
  const bytes: number[] = [];
  let rest = number;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}
