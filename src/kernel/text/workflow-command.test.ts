import { describe, expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../../../test/support/hostile-text.ts';
import { formatEnvironmentEntry } from './environment-entry.ts';
import { disarmWorkflowCommands, formatAnnotation } from './workflow-command.ts';

/** Reads a line as the runner does (actions/runner, ActionCommand.cs, TryParseV2). */
function readCommand(
  line: string,
): { command: string; properties: Record<string, string>; message: string } | null {
  const match = /^\s*::([^\s:]+)(?: ([^:]*))?::(.*)$/s.exec(line);
  if (match === null) return null;
  const decode = (text: string) =>
    text
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%0A', '\n')
      .replaceAll('%0D', '\r')
      .replaceAll('%25', '%');
  const pairs = (match[2] ?? '').split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? [] : [[pair.slice(0, at), decode(pair.slice(at + 1))]];
  });
  return {
    command: match[1] ?? '',
    properties: Object.fromEntries(pairs),
    message: decode(match[3] ?? ''),
  };
}

const ATTACKS = [
  'a\n::set-env name=X::1',
  'x,line=9::evil',
  '%0A::error::x',
  '##[error]x',
  '::stop-commands::t',
];
const ALL = [...HOSTILE_TEXTS, ...ATTACKS.map((text) => ({ name: JSON.stringify(text), text }))];

describe('formatAnnotation', () => {
  test.each(ALL)('is one command, whatever it says: $name', ({ text }) => {
    const written = formatAnnotation('error', text, { file: text, line: 3 });
    expect(written.endsWith('\n')).toBe(true);
    const lines = written.slice(0, -1).split(/[\r\n]/);
    expect(lines).toHaveLength(1);
    const read = readCommand(lines[0] ?? '');
    expect(read?.command).toBe('error');
    expect(read?.properties).toEqual({ file: text, line: '3' });
    expect(read?.message).toBe(text.replace(/^([\t ]*):(?=:)/, '$1: ').replaceAll(/##(?=\[)/g, '# #'));
  });
});

describe('disarmWorkflowCommands', () => {
  test.each(ALL)('leaves nothing that a runner obeys: $name', ({ text }) => {
    for (const prefix of ['', ' ', 'a\n\t', '::']) {
      const safe = disarmWorkflowCommands(`${prefix}${text}`);
      expect(safe.split(/[\r\n]/).filter((line) => line.trimStart().startsWith('::'))).toEqual([]);
      expect(safe).not.toContain('##[');
    }
  });

  test('keeps ordinary text', () => {
    expect(disarmWorkflowCommands('error: a::b\n# c')).toBe('error: a::b\n# c');
  });
});

/** Reads an environment file as the runner does (actions/runner, FileCommandManager.cs). */
function readEntries(text: string): Record<string, string> {
  const entries: Record<string, string> = {};
  const lines = text.split('\n');
  for (let i = 0; i < lines.length - 1; i += 1) {
    const [name = '', delimiter = ''] = (lines[i] ?? '').split('<<');
    const end = lines.indexOf(delimiter, i + 1);
    if (end < 0) throw new Error('no delimiter');
    entries[name] = lines.slice(i + 1, end).join('\n');
    i = end;
  }
  return entries;
}

test.each(ALL)('formatEnvironmentEntry gives back the value and nothing else: $name', ({ text }) => {
  const file = formatEnvironmentEntry('a', text) + formatEnvironmentEntry('b', '1');
  expect(readEntries(file)).toEqual({ a: text, b: '1' });
});
