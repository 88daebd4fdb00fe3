/** A configuration key and its value. */
export type GitSetting = readonly [key: string, value: string];

/** What is as good as the secret: the header, its credentials, and the password in them. */
function secretsIn([key, value]: GitSetting): readonly string[] {
  if (!/\.extraHeader$/i.test(key) || value === '') return [];
  const credentials = value.slice(value.lastIndexOf(' ') + 1);
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  const password = decoded.slice(decoded.indexOf(':') + 1);
  return [value, credentials, decoded, password].filter((text) => text !== '');
}

/** Answers what takes the credentials of these settings out of a text: a server may repeat in its answer what it was sent. */
export function createRedactor(settings: readonly GitSetting[]): (text: string) => string {
  const secrets = settings.flatMap(secretsIn);
  return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text);
}
