import { describe, expect, test } from 'vitest';
import { recordStreams } from '../../test/support/cli/recorded-streams.ts';
import { problem, warning } from '../kernel/problem.ts';
import { fail, ok } from '../kernel/result.ts';
import { type Answer, answer, progressOf, respond } from './context.ts';

const WARNING = warning('JSON_NON_FINITE', { count: '1' }, { file: 'a\u001b[31m.json', line: 2 });
const ERROR = problem('TOML_INVALID', { reason: 'x\u001b' }, { file: 'c.toml', line: 1, column: 5 });

function answerWith(changes: Partial<Answer> = {}): Answer {
  return { json: () => ({ value: 1 }), text: () => 'result', warnings: [], ...changes };
}

describe('respond', () => {
  test('puts the result on stdout with a line break, and is done', () => {
    const to = recordStreams();
    expect(respond(to, {}, ok(answerWith()))).toBe(0);
    expect(to.said).toEqual({ out: 'result\n', err: '' });
  });

  test('does not double a line break, and prints no empty line', () => {
    const to = recordStreams();
    respond(to, {}, ok(answerWith({ text: () => 'a\n' })));
    respond(to, {}, ok(answerWith({ text: () => '' })));
    expect(to.said.out).toBe('a\n');
  });

  test('puts warnings on stderr, escaped', () => {
    const to = recordStreams();
    respond(to, {}, ok(answerWith({ warnings: [WARNING] })));
    expect(to.said.err).toMatch(/^warning: a\\u\{1b\}\[31m\.json:2: /);
  });

  test('shows the first of very many, and how many there are', () => {
    const to = recordStreams();
    respond(to, {}, ok(answerWith({ warnings: Array(30).fill(WARNING), warningCount: 5000 })));
    expect(to.said.err.match(/^warning: /gm)).toHaveLength(20);
    expect(to.said.err).toContain('4980 more');
  });

  test('as JSON puts everything in one object on stdout', () => {
    const to = recordStreams();
    expect(respond(to, { json: true }, ok(answerWith({ warnings: [WARNING], exitCode: 1 })))).toBe(1);
    expect(JSON.parse(to.said.out)).toMatchObject({
      ok: false,
      value: 1,
      problems: [{ code: 'JSON_NON_FINITE', line: 2 }],
    });
    expect(to.said.err).toBe('');
    const fine = recordStreams();
    respond(fine, { json: true }, ok(answerWith({})));
    expect(JSON.parse(fine.said.out)).toMatchObject({ ok: true });
  });

  test('builds only what it shows', () => {
    const never = () => {
      throw new Error('built in vain');
    };
    respond(recordStreams(), { json: true }, ok(answerWith({ text: never })));
    respond(recordStreams(), {}, ok(answerWith({ json: never })));
  });

  test.each([
    [ERROR, 2],
    [problem('NOT_FOUND', { what: 'signal', id: 'x' }), 1],
  ])('refuses bad input on stderr (%#)', (found, exitCode) => {
    const to = recordStreams();
    expect(respond(to, {}, fail(found))).toBe(exitCode);
    expect(to.said.out).toBe('');
    expect(to.said.err).toMatch(/^error: /);
    expect(to.said.err).not.toContain('\u001b');
  });

  test('names all problems of a refusal, however many', () => {
    const to = recordStreams();
    respond(to, {}, fail(...Array(50).fill(ERROR)));
    expect(to.said.err.match(/^error: c\.toml:1:5: /gm)).toHaveLength(50);
  });
});

describe('answer', () => {
  test('keeps the problems of a failure', () => {
    expect(answer(fail<number>(ERROR), () => answerWith()).problems).toEqual([ERROR]);
  });
});

describe('progressOf', () => {
  test('says nothing where nobody watches, and nothing when it is quick', () => {
    for (const interactive of [false, true]) {
      const to = recordStreams({ interactive });
      const progress = progressOf(to);
      progress(0, 10);
      progress(10, 10);
      expect(to.said.err).toBe('');
    }
  });
});
