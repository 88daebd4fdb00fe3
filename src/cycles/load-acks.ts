import { AppError } from '../kernel/app-error.ts';
import { formatInstant, type Instant, parseInstant } from '../kernel/instant.ts';
import { type Problem, problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import type { PeakConfig } from '../liveconfig/index.ts';
import { LoadAck } from './load-ack-schema.ts';
import type { WorkTree } from './work-tree-port.ts';

/** A folder of acknowledgements. */
export type AckFolder = Pick<WorkTree, 'listNames' | 'readText' | 'write'>;

/** What a session loaded. `digest`: what it says itself; where it is another one than the configuration's, nothing else is known. */
export interface AckRequest {
  readonly session: string;
  readonly config: PeakConfig;
  readonly digest: string | null;
  readonly now: Instant;
  readonly dryRun: boolean;
}

/** An acknowledgement is a few hundred bytes; what is much larger is none. */
const MAX_CHARACTERS = 10_000;
/** More sessions than anybody runs on one folder. */
const MAX_ACKS = 1000;

/** Writes what a session loaded, atomically. The same digest again keeps the time of the first. Fails on a bad name or digest. */
export function acknowledgeLoad(folder: AckFolder, request: AckRequest): Result<LoadAck> {
  const { session, config, now } = request;
  const own = request.digest === null || request.digest === config.digest;
  const seen = formatInstant(now);
  const checked = LoadAck.safeParse({
    schema_version: 1,
    session,
    loaded_at: seen,
    seen_at: seen,
    mode: config.mode,
    digest: request.digest ?? config.digest,
    auto_toml: own ? config.overridesDigest : null,
    applied: own ? config.applied.length : null,
    ignored: own ? config.ignored.length : null,
  } satisfies LoadAck);
  if (!checked.success)
    return fail(...checked.error.issues.map(({ path }) => argumentFault(String(path[0]))));
  const former = readAck(folder, `${session}.json`);
  const isSame = former.ok && sayingOf(former.value) === sayingOf(checked.data);
  const ack = isSame ? { ...checked.data, loaded_at: former.value.loaded_at } : checked.data;
  if (!request.dryRun) folder.write(`${session}.json`, `${JSON.stringify(ack, null, 2)}\n`);
  return ok(ack);
}

function sayingOf({ mode, digest, auto_toml }: LoadAck): string {
  return JSON.stringify([mode, digest, auto_toml]);
}

function argumentFault(field: string): Problem {
  if (field === 'session') {
    const reason = 'is no name: 1 to 64 letters, digits, ".", "_" and "-", the first a letter or digit';
    return problem('ARGUMENT_INVALID', { argument: '--session', reason });
  }
  const reason = field === 'digest' ? 'is no SHA-256 in 64 lower-case hex digits' : `has no valid ${field}`;
  return problem('ARGUMENT_INVALID', { argument: '--digest', reason });
}

/** Every acknowledgement of a folder, sorted by session; what is none is named. */
export function readLoadAcks(folder: AckFolder): {
  readonly acks: readonly LoadAck[];
  readonly problems: readonly Problem[];
} {
  const names = folder.listNames('').filter((name) => name.endsWith('.json'));
  const read = names.slice(0, MAX_ACKS).map((name) => readAck(folder, name));
  const acks = read.flatMap((result) => (result.ok ? [result.value] : []));
  const problems = read.flatMap((result) =>
    result.problems.map((found): Problem => ({ ...found, severity: 'warning' })),
  );
  return { acks, problems };
}

/** A file that is not called like its session could stand for another one. */
function readAck(folder: AckFolder, name: string): Result<LoadAck> {
  const refuse = (reason: string) => fail(problem('ARTIFACT_INVALID', { reason }, { file: name }));
  try {
    const text = folder.readText(name) ?? '';
    if (text.length > MAX_CHARACTERS) return refuse('it is too long');
    const parsed = LoadAck.safeParse(JSON.parse(text));
    if (!parsed.success) return refuse(`${String(parsed.error.issues[0]?.path[0] ?? 'it')} is not valid`);
    return `${parsed.data.session}.json` === name
      ? ok(parsed.data)
      : refuse('it is not called like its session');
  } catch (error) {
    if (error instanceof AppError) return refuse(error.message);
    return refuse('it is not valid JSON');
  }
}

/** When an acknowledgement says a time; one in the future says nothing. */
export function ackTime(text: string, now: Instant): Instant | null {
  const time = parseInstant(text);
  return time === null || time > now ? null : time;
}
