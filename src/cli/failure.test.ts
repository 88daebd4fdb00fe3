import { describe, expect, test } from 'vitest';
import { recordStreams } from '../../test/support/cli/recorded-streams.ts';
import { AppError, BugError } from '../kernel/app-error.ts';
import type { Streams } from './context.ts';
import { reportFailure } from './failure.ts';

function report(
  error: unknown,
  variables: Streams['variables'] = {},
): { exitCode: number; out: string; err: string } {
  const streams = recordStreams({ variables });
  return { exitCode: reportFailure(error, streams, false), ...streams.said };
}

describe('reportFailure', () => {
  test('the outside world: exit 3, what and help', () => {
    expect(report(new AppError('DISK_FULL', 'cannot write x', { hint: 'free some space' }))).toEqual({
      exitCode: 3,
      out: '',
      err: 'error: cannot write x\n  help: free some space\n',
    });
  });

  test('the outside world without advice has no help line', () => {
    expect(report(new AppError('FILE_SYSTEM', 'cannot read x'))).toEqual({
      exitCode: 3,
      out: '',
      err: 'error: cannot read x\n',
    });
  });

  test.each([new BugError('impossible'), new RangeError('x'), 'a text', null, undefined])(
    'a bug (%s): exit 70, a reference, and no stack',
    (error) => {
      const { exitCode, err } = report(error);
      expect(exitCode).toBe(70);
      expect(err).toMatch(/^bug: .*\n {2}help: .*reference [0-9a-f]{12}\n$/);
    },
  );

  test('a bug shows its stack when asked', () => {
    expect(report(new BugError('impossible'), { PEAK_DEBUG: '1' }).err).toMatch(/^ +at /m);
  });

  test('text in it reaches no terminal raw', () => {
    const hostile = 'a\u001b[2J\u009b31m\u202eb\r\nfake';
    expect(report(new AppError('FILE_SYSTEM', hostile, { hint: hostile })).err).not.toMatch(
      /[\u001b\u009b\u202e\r]|^fake/m,
    );
    expect(report(new Error(hostile)).err).not.toMatch(/[\u001b\u009b\u202e\r]|^fake/m);
    expect(report(new Error(hostile), { PEAK_DEBUG: '1' }).err).not.toMatch(/[\u001b\u009b\u202e\r]/);
  });

  test.each([
    [new AppError('DISK_FULL', 'cannot write x', { hint: 'free some space' }), 3, 'DISK_FULL'],
    [new BugError('impossible'), 70, 'BUG'],
  ])('as JSON is one object on stdout, beside the words on stderr (%#)', (error, exitCode, code) => {
    const streams = recordStreams();
    expect(reportFailure(error, streams, true)).toBe(exitCode);
    expect(JSON.parse(streams.said.out)).toMatchObject({ ok: false, failure: { code } });
    expect(streams.said.err).not.toBe('');
  });
});
