import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Problem, problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';

/** What an instance of the judge is told by its environment; Probot's own names are read by `start-settings.ts`. */
export interface JudgeSettings {
  /** Slug of the publisher App, from `PEAK_PUBLISHER_APP`; null: nothing is the bot's own, and the auto lane is closed. */
  readonly publisher: string | null;
  /** Where mirrors are kept, from `PEAK_DATA_DIR`. They can be lost: they are cloned anew. */
  readonly folder: string;
}

/** Environment variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** An App's slug as GitHub makes it. */
const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?$/;

/** GitHub asks for a random text of high entropy ("Validating webhook deliveries"); of hexadecimal digits, 16 hold 64 bits. */
const MIN_SECRET_LENGTH = 16;

/**
 * Reads the settings that hold in every Probot server. Fails with all faults (`SETTING_INVALID`): with a fixed clock expired evidence
 * would count (product.md §9), and with a secret that others know or guess they could send events.
 */
export function readSettings(variables: Variables): Result<JudgeSettings> {
  const faults: Problem[] = [];
  if ((variables['SOURCE_DATE_EPOCH'] ?? '') !== '')
    faults.push(
      fault('SOURCE_DATE_EPOCH', 'is set: whatever judges for real lives in the present', 'unset it'),
    );
  const secret = findSecretFault(variables['WEBHOOK_SECRET'] ?? '');
  if (secret !== null)
    faults.push(
      fault(
        'WEBHOOK_SECRET',
        secret,
        'make one with "openssl rand -hex 32", and set it on the page of the App, too',
      ),
    );
  const publisher = variables['PEAK_PUBLISHER_APP'] ?? '';
  if (publisher !== '' && !SLUG.test(publisher))
    faults.push(
      fault(
        'PEAK_PUBLISHER_APP',
        'is no slug of a GitHub App',
        "take the last part of the App's address, such as acme-peak-publisher",
      ),
    );
  if (faults.length > 0) return fail(...faults);
  return ok({
    publisher: publisher === '' ? null : publisher,
    folder: readDataFolder(variables),
  });
}

/** `PEAK_DATA_DIR`; left out, a folder of this user's among the temporary ones. */
export function readDataFolder(variables: Variables): string {
  return variables['PEAK_DATA_DIR'] || join(tmpdir(), `peak-judge-${process.getuid?.() ?? 'data'}`);
}

/** A fault of one setting: what, why, and what to do about it. */
export function fault(setting: string, reason: string, hint: string): Problem {
  return problem('SETTING_INVALID', { setting, reason, hint });
}

function findSecretFault(secret: string): string | null {
  if (secret === '') return 'is not set: anybody could send events';
  if (secret === 'development') return "is Probot's default, which everybody knows";
  if (secret.length < MIN_SECRET_LENGTH)
    return `has fewer than ${MIN_SECRET_LENGTH} characters: it can be guessed`;
  return null;
}
