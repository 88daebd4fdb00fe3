import { createHmac } from 'node:crypto';
import type { Account, Millis } from '../world/model.ts';
import type { GitStore } from './git-store.ts';

export interface Person {
  readonly name: string;
  readonly email: string;
  /** Seconds since 1970, and the zone as `+0000`. */
  readonly seconds: number;
  readonly zone: string;
}

/** A commit object, read. */
export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
  readonly signature: string | null;
  /** What the signature is about; null without one. */
  readonly payload: string | null;
  /** Made by this forge itself, on behalf of an App or a merge button. */
  readonly verified: boolean;
}

/** What a commit is made of. */
export interface CommitDraft {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
  /** Signed by the forge as GitHub signs (`web-flow`), which makes it `verified`. */
  readonly signed: boolean;
}

/** Stands for GitHub's key. Tests trust the answer `verified`; nothing else could check a signature on loopback. */
const SIGNING_KEY = 'the local GitHub signs with this';

/** GitHub's committer of what it commits itself. */
export function webFlow(at: Millis): Person {
  return { name: 'GitHub', email: 'noreply@github.com', seconds: Math.floor(at / 1000), zone: '+0000' };
}

/** An account as author or committer. */
export function personOf(account: Account, at: Millis): Person {
  return { name: account.login, email: account.email, seconds: Math.floor(at / 1000), zone: '+0000' };
}

/** Writes the commit object; answers its id. */
export async function writeCommit(store: GitStore, draft: CommitDraft): Promise<string> {
  const head = [
    `tree ${draft.tree}`,
    ...draft.parents.map((parent) => `parent ${parent}`),
    `author ${personLine(draft.author)}`,
    `committer ${personLine(draft.committer)}`,
  ].join('\n');
  const payload = `${head}\n\n${draft.message}`;
  const signature = `gpgsig ${sign(payload).replaceAll('\n', '\n ')}`;
  const object = draft.signed ? `${head}\n${signature}\n\n${draft.message}` : payload;
  return store.text(['hash-object', '-t', 'commit', '-w', '--stdin'], { input: object });
}

/** Reads commits in the order of the ids. */
export async function readCommits(store: GitStore, ids: readonly string[]): Promise<readonly Commit[]> {
  if (ids.length === 0) return [];
  const output = await store.bytes(['cat-file', '--batch'], { input: `${ids.join('\n')}\n` });
  const commits: Commit[] = [];
  for (let at = 0; at < output.length; ) {
    const lineEnd = output.indexOf(0x0a, at);
    const [sha = '', , size = '0'] = output.toString('utf8', at, lineEnd).split(' ');
    const end = lineEnd + 1 + Number(size);
    commits.push(parseCommit(sha, output.toString('utf8', lineEnd + 1, end)));
    at = end + 1;
  }
  return commits;
}

/** Reads one commit. */
export async function readCommit(store: GitStore, id: string): Promise<Commit> {
  return parseCommit(id, (await store.bytes(['cat-file', 'commit', id])).toString('utf8'));
}

function sign(payload: string): string {
  const seal = createHmac('sha256', SIGNING_KEY).update(payload).digest('base64');
  return `-----BEGIN PGP SIGNATURE-----\n\n${seal}\n-----END PGP SIGNATURE-----`;
}

function personLine({ name, email, seconds, zone }: Person): string {
  const clean = (text: string): string => text.replace(/[<>\n]/g, '');
  return `${clean(name)} <${clean(email)}> ${seconds} ${zone}`;
}

function parseCommit(sha: string, text: string): Commit {
  const headEnd = text.indexOf('\n\n');
  const message = text.slice(headEnd + 2);
  const headers = text.slice(0, headEnd).replaceAll('\n ', '\0').split('\n');
  const first = (name: string): string => valuesOf(headers, name)[0] ?? '';
  const signature = valuesOf(headers, 'gpgsig')[0]?.replaceAll('\0', '\n') ?? null;
  const unsigned = headers
    .filter((line) => !line.startsWith('gpgsig '))
    .join('\n')
    .replaceAll('\0', '\n ');
  const payload = signature === null ? null : `${unsigned}\n\n${message}`;
  return {
    sha,
    tree: first('tree'),
    parents: valuesOf(headers, 'parent'),
    author: parsePerson(first('author')),
    committer: parsePerson(first('committer')),
    message,
    signature,
    payload,
    verified: payload !== null && signature === sign(payload),
  };
}

function valuesOf(headers: readonly string[], name: string): string[] {
  return headers.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
}

function parsePerson(line: string): Person {
  const match = /^(.*?) ?<([^>]*)> (-?\d+) ([+-]\d{4})$/.exec(line);
  const [, name = '', email = '', seconds = '0', zone = '+0000'] = match ?? [];
  return { name, email, seconds: Number(seconds), zone };
}
