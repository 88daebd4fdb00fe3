import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What an instance of the judge is told by its environment; Probot reads its own names (APP_ID, PRIVATE_KEY, WEBHOOK_SECRET …). */
export interface JudgeSettings {
  /** Slug of the publisher App, from `PEAK_PUBLISHER_APP`; null: nothing is the bot's own, and the auto lane is closed. */
  readonly publisher: string | null;
  /** Where mirrors are kept, from `PEAK_DATA_DIR`. They can be lost: they are cloned anew. */
  readonly folder: string;
}

/** An App's slug as GitHub makes it. */
const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?$/;

/**
 * Reads the settings. Throws where the judge must not start: with a fixed clock expired evidence would count (product.md §9), and
 * without a secret anybody could send events.
 */
export function readSettings(variables: Readonly<Record<string, string | undefined>>): JudgeSettings {
  const faults: string[] = [];
  if ((variables['SOURCE_DATE_EPOCH'] ?? '') !== '')
    faults.push('SOURCE_DATE_EPOCH must not be set: whatever judges for real lives in the present; unset it');
  const secret = variables['WEBHOOK_SECRET'] ?? '';
  if (secret === '' || secret === 'development')
    faults.push("WEBHOOK_SECRET must be set to the secret of the App: everybody knows Probot's default");
  const publisher = variables['PEAK_PUBLISHER_APP'] ?? '';
  if (publisher !== '' && !SLUG.test(publisher))
    faults.push('PEAK_PUBLISHER_APP must be the slug of the publisher App, such as acme-peak-publisher');
  if (faults.length > 0) throw new Error(`the judge does not start:\n- ${faults.join('\n- ')}`);
  return {
    publisher: publisher === '' ? null : publisher,
    folder: variables['PEAK_DATA_DIR'] || join(tmpdir(), 'peak-judge'),
  };
}
