import { readHistory } from '../history/index.ts';
import { AUDIT_PATH } from '../kernel/governed-paths.ts';
import type { Instant } from '../kernel/instant.ts';
import {
  auditVerdicts,
  GITHUB_ITSELF,
  isEvidenceTrusted,
  parseAuditAck,
  parseVerdictRecord,
} from '../review/index.ts';
import { readAuditedLine } from './audit-line.ts';
import type { CommitRecords, NoteFile } from './audit-port.ts';
import { readCommitted } from './committed-files.ts';
import type { JudgeDesk } from './judge-desk.ts';
import { readMergedProposal } from './read-merged-proposal.ts';

/**
 * Whether all evidence of a base entered it as judge.md §3 demands (ADR 0016): by merges whose records the judge itself wrote. Null where
 * that cannot be found out, which never counts as yes.
 */
export async function readEvidenceTrust(desk: JudgeDesk, tip: string, now: Instant): Promise<boolean | null> {
  const notes = await desk.mirror.syncNotes();
  return desk.memory.trust.of(`${tip} ${notes}`, async () => {
    const isOwn = notes === null ? () => false : await findOwnNotes(desk, notes);
    if (isOwn === null) return null;
    return decideTrust(desk, { tip, now, isOwn });
  });
}

interface TrustRequest {
  readonly tip: string;
  readonly now: Instant;
  /** Whether the note of a commit, as it stands, is the judge's own. */
  readonly isOwn: (commit: string) => boolean;
}

async function decideTrust(
  { mirror }: JudgeDesk,
  { tip, now, isOwn }: TrustRequest,
): Promise<boolean | null> {
  const git = { ...mirror.repository, ...ownRecords(mirror.records, isOwn) };
  const history = await readHistory(git, { head: tip, now, since: null, readProposal: readMergedProposal });
  if (!history.ok) return null;
  const line = await readAuditedLine(git, { head: tip, now, history: history.value });
  if (line === null) return null;
  const { vouched } = auditVerdicts(line.commits);
  const classes = line.commits.flatMap(({ id, note }): [string, string][] => {
    const record = vouched.has(id) && note !== null && 'text' in note ? parseVerdictRecord(note.text) : null;
    return record?.class == null ? [] : [[id, record.class]];
  });
  return isEvidenceTrusted({
    commits: line.steps.map(({ commit }) => commit),
    ids: [...line.positions.keys()],
    genesis: line.genesis,
    vouched: new Map(classes),
    acknowledged: await readAcknowledgedCommits(git, tip),
  });
}

/** Notes that somebody else wrote are nobody's word: they are left out. */
function ownRecords(records: CommitRecords, isOwn: TrustRequest['isOwn']): CommitRecords {
  const isKept = ({ commit }: NoteFile) => isOwn(commit);
  return { claims: records.claims, notes: async () => (await records.notes()).filter(isKept) };
}

async function readAcknowledgedCommits(
  git: JudgeDesk['mirror']['repository'],
  tip: string,
): Promise<ReadonlySet<string>> {
  const { texts } = await readCommitted(git, tip, [AUDIT_PATH], (path) => path.endsWith('.json'));
  return new Set(
    [...texts].flatMap(([path, text]) => {
      const parsed = parseAuditAck(text, path);
      return parsed.ok ? [parsed.value.commit] : [];
    }),
  );
}

/** Of a notes ref, whose last writer of a note was the judge: git says what each commit changed, GitHub who made it; null where it does not say. */
async function findOwnNotes(desk: JudgeDesk, tip: string): Promise<((commit: string) => boolean) | null> {
  const { ownNotes } = desk.memory;
  if (ownNotes.tip !== tip) {
    const { judge } = desk.identities;
    const written = await desk.pulls.commitsSince(tip, ownNotes.tip);
    if (written === null) return null;
    for (const { oid, isVerified, author, committer } of written) {
      const isByGitHub = committer?.login === GITHUB_ITSELF || committer?.id === judge.id;
      if (isVerified && author?.id === judge.id && isByGitHub) ownNotes.commits.add(oid);
    }
    ownNotes.tip = tip;
  }
  const writers = new Map<string, string>();
  for (const { id, files } of await desk.mirror.repository.changesAlong({ after: null, until: tip }, ['']))
    for (const { path } of files) writers.set(path.replaceAll('/', ''), id);
  return (commit) => ownNotes.commits.has(writers.get(commit) ?? '');
}
