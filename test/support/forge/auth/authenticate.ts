import { createVerify } from 'node:crypto';
import { parseJson } from '../http/parse-json.ts';
import { Refusal } from '../http/refusal.ts';
import type { App } from '../world/model.ts';
import type { World } from '../world/world.ts';
import type { Actor } from './actor.ts';

/** GitHub allows ten minutes: https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app. */
const JWT_SECONDS = 600;
/** Leeway for a clock that runs a little ahead. */
const SKEW_SECONDS = 60;

/** Who sent this `Authorization` header: 401 for a token that is unknown or expired. */
export function authenticate(world: World, header: string | undefined): Actor {
  if (header === undefined) return { kind: 'anonymous' };
  const [scheme = '', credential = ''] = header.split(' ');
  if (/^basic$/i.test(scheme)) return actorOfToken(world, passwordOf(credential));
  if (!/^(?:bearer|token)$/i.test(scheme)) throw badCredentials();
  if (credential.split('.').length === 3) return { kind: 'app', app: verifyJwt(world, credential) };
  return actorOfToken(world, credential);
}

function passwordOf(credential: string): string {
  const text = Buffer.from(credential, 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}

function actorOfToken(world: World, value: string): Actor {
  const token = world.tokens.get(value);
  if (token === undefined) throw badCredentials();
  if (token.expiresAt !== null && token.expiresAt <= world.clock()) throw badCredentials();
  if (token.installation?.suspendedAt) {
    throw new Refusal(403, 'This installation has been suspended');
  }
  return { kind: 'token', account: token.account, token };
}

function badCredentials(): Refusal {
  return new Refusal(401, 'Bad credentials');
}

interface Claims {
  readonly iss?: unknown;
  readonly iat?: unknown;
  readonly exp?: unknown;
}

/** The messages are GitHub's: @octokit/auth-app corrects its clock when it reads them. */
function verifyJwt(world: World, jwt: string): App {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  const claims = parsePart(payload) as Claims;
  const now = Math.floor(world.clock() / 1000);
  const app = world.apps.find(({ id }) => String(id) === String(claims.iss));
  if (app === undefined) throw new Refusal(404, 'Integration not found');
  const signed = createVerify('RSA-SHA256').update(`${header}.${payload}`);
  const isValid = signed.verify(app.publicKey, Buffer.from(signature, 'base64url'));
  if ((parsePart(header) as { alg?: unknown }).alg !== 'RS256' || !isValid) {
    throw new Refusal(401, 'A JSON web token could not be decoded');
  }
  assertTimes(claims, now);
  return app;
}

function assertTimes({ iat, exp }: Claims, now: number): void {
  if (typeof exp !== 'number' || exp <= now) {
    throw new Refusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (exp > now + JWT_SECONDS + SKEW_SECONDS) {
    throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
  }
  if (typeof iat !== 'number' || iat > now + SKEW_SECONDS) {
    throw new Refusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
}

function parsePart(part: string): unknown {
  const value = parseJson(Buffer.from(part, 'base64url').toString('utf8'));
  if (typeof value === 'object' && value !== null) return value;
  throw new Refusal(401, 'A JSON web token could not be decoded');
}
