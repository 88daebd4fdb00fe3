import { AUDIT_PATH } from '../kernel/governed-paths.ts';
import { problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import { AuditAck } from './audit-ack-schema.ts';

/** Reads an acknowledgement; the commit that it names is that of its file name. Problems: ARTIFACT_INVALID. */
export function parseAuditAck(text: string, file: string): Result<AuditAck> {
  const invalid = (reason: string) => problem('ARTIFACT_INVALID', { reason }, { file });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail(invalid('it is not valid JSON'));
  }
  const parsed = AuditAck.safeParse(value);
  if (!parsed.success)
    return fail(
      ...parsed.error.issues.map(({ path, message }) => invalid(`${path.map(String).join('.')}: ${message}`)),
    );
  const isNamed = file === `${AUDIT_PATH}/${parsed.data.commit}.json`;
  return isNamed ? ok(parsed.data) : fail(invalid('its name is not that of the commit'));
}
