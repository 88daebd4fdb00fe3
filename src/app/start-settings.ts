import type { Problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import { readPrivateKey } from './private-key.ts';
import { fault, type JudgeSettings, readSettings, type Variables } from './settings.ts';

/** Everything a process of the judge's is told, with Probot's names for what is Probot's. */
export interface StartSettings extends JudgeSettings {
  readonly appId: number;
  /** PKCS #8 in PEM. A secret. */
  readonly privateKey: string;
  readonly secret: string;
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  /** Starts with a slash. */
  readonly webhookPath: string;
  /** Without a slash at its end. */
  readonly apiUrl: string;
  readonly logLevel: (typeof LEVELS)[number];
  readonly logFormat: 'json' | 'pretty';
  /** `redis:` or `rediss:`; null for none. May hold a password. */
  readonly redisUrl: URL | null;
}

/** Paths that the judge answers itself. */
const OWN_PATHS = ['/ping', '/ready', '/metrics'];

/** pino's levels. */
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

/** Where people look at what a process says, `pretty`; else `json`, one object a line. */
export function readLogFormat(variables: Variables, isTerminal: boolean): StartSettings['logFormat'] {
  const given = variables['LOG_FORMAT'] || (isTerminal ? 'pretty' : 'json');
  return given === 'pretty' ? 'pretty' : 'json';
}

/** Reads all settings of a process; nothing is read from a file but the key. Fails with every fault at once (`SETTING_INVALID`). */
export function readStartSettings(variables: Variables, isTerminal: boolean): Result<StartSettings> {
  const faults: Problem[] = [];
  const take = <T>(result: Result<T>): T | null => {
    if (result.ok) return result.value;
    faults.push(...result.problems);
    return null;
  };
  const settings = take(readSettings(variables));
  const privateKey = take(readPrivateKey(variables));
  const redisUrl = take(readRedisUrl(variables));
  faults.push(...findFaults(variables));
  if (settings === null || privateKey === null || faults.length > 0) return fail(...faults);
  return ok({
    ...settings,
    privateKey,
    redisUrl,
    appId: Number(variables['APP_ID']),
    secret: variables['WEBHOOK_SECRET'] ?? '',
    host: variables['HOST'] || 'localhost',
    port: Number(variables['PORT'] || 3000),
    webhookPath: variables['WEBHOOK_PATH'] || '/api/github/webhooks',
    apiUrl: apiUrlOf(variables),
    logLevel: LEVELS.find((level) => level === variables['LOG_LEVEL']) ?? 'info',
    logFormat: readLogFormat(variables, isTerminal),
  });
}

/** A rule for one variable that is set. */
type Rule = readonly [isGood: (value: string) => boolean, reason: string, hint: string];

const RULES: Readonly<Record<string, Rule>> = {
  APP_ID: [
    (id) => /^[1-9]\d{0,14}$/.test(id),
    'is no id of a GitHub App',
    'take the number that stands as "App ID" on the page of the judge App; its client id does not do',
  ],
  PORT: [
    (port) => /^[1-9]\d{0,4}$/.test(port) && Number(port) <= 65_535,
    'is no port',
    'give a number from 1 to 65535, or leave it out for 3000',
  ],
  WEBHOOK_PATH: [
    (path) => /^\/[\w./~-]*$/.test(path) && !OWN_PATHS.includes(path),
    'is no path for webhooks',
    'start it with a slash, and do not take /ping, /ready or /metrics; left out it is /api/github/webhooks',
  ],
  GHE_HOST: [
    (host) => /^[A-Za-z0-9.-]+(?::\d{1,5})?$/.test(host),
    'is no name of a host',
    'give it without "https://" and without a path, such as github.acme.example',
  ],
  GHE_PROTOCOL: [
    (name) => ['http', 'https'].includes(name),
    'is neither http nor https',
    'leave it out for https',
  ],
  LOG_LEVEL: [
    (level) => LEVELS.some((one) => one === level),
    'is no level',
    `give one of ${LEVELS.join(', ')}`,
  ],
  LOG_FORMAT: [(format) => ['json', 'pretty'].includes(format), 'is no format', 'give json or pretty'],
  WEBHOOK_PROXY_URL: [
    () => false,
    'is for trying things out: others could read what comes by way of it',
    'unset it; on a laptop, "npx probot run ./dist/app/index.js" knows it',
  ],
};

function findFaults(variables: Variables): readonly Problem[] {
  const faults: Problem[] = [];
  for (const [name, [isGood, reason, hint]] of Object.entries(RULES)) {
    const value = variables[name] ?? '';
    if (value !== '' && !isGood(value)) faults.push(fault(name, `${reason}: ${JSON.stringify(value)}`, hint));
  }
  if ((variables['APP_ID'] ?? '') === '')
    faults.push(fault('APP_ID', 'is not set', RULES['APP_ID']?.[2] ?? ''));
  // A token must not travel in the clear: http is for this machine only.
  if (
    variables['GHE_PROTOCOL'] === 'http' &&
    !/^(?:127\.0\.0\.1|localhost)(?::|$)/.test(variables['GHE_HOST'] ?? '')
  )
    faults.push(fault('GHE_PROTOCOL', 'is http: tokens would travel in the clear', 'leave it out for https'));
  return faults;
}

/** As Probot makes it (its create-probot.ts). */
function apiUrlOf({ GHE_HOST: host = '', GHE_PROTOCOL: protocol = '' }: Variables): string {
  return host === '' ? 'https://api.github.com' : `${protocol || 'https'}://${host}/api/v3`;
}

/** Not shown where it is wrong: it can hold a password. */
function readRedisUrl({ REDIS_URL: text = '' }: Variables): Result<URL | null> {
  if (text === '') return ok(null);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^rediss?:$/.test(url.protocol) && url.hostname !== '') return ok(url);
  return fail(
    fault(
      'REDIS_URL',
      'is no address of a Redis',
      'give redis://HOST:6379 or rediss://USER:PASSWORD@HOST:6379',
    ),
  );
}
