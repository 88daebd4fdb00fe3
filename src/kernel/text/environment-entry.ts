import { sha256Hex } from '../digest.ts';

/**
 * `name` with a value of any form for an environment file of GitHub Actions ($GITHUB_OUTPUT). The delimiter is made of the digest of the
 * value, so that no value can hold its own.
 */
export function formatEnvironmentEntry(name: string, value: string): string {
  const delimiter = `peak_${sha256Hex(value)}`;
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}
