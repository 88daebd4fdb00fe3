/** A text that breaks a sink which does not escape it. */
export interface HostileText {
  readonly name: string;
  readonly text: string;
}

const group = (kind: string, texts: Readonly<Record<string, string>>): readonly HostileText[] =>
  Object.entries(texts).map(([name, text]) => ({ name: `${kind}: ${name}`, text }));

const EXTREMES = group('extreme', {
  empty: '',
  'a space': ' ',
  'spaces at both ends': ' a ',
  'very long': 'a'.repeat(100_000),
  'very long, no letters': '\\'.repeat(20_000),
  'deeply bracketed': '['.repeat(5_000),
  emoji: '\u{1f600}',
  'emoji at the cut': `${'a'.repeat(199)}\u{1f600}`,
  'not a number': 'NaN',
  'too big a number': '1e999',
});

const TERMINAL = group('terminal', {
  colour: '\u001b[31mred\u001b[0m',
  'clear screen': '\u001b[2J\u001b[H',
  'window title': '\u001b]0;pwned\u0007',
  'OSC 8 link': '\u001b]8;;https://evil.example\u0007click\u001b]8;;\u001b\\',
  'OSC 52 clipboard': '\u001b]52;c;ZXZpbA==\u0007',
  'C1 control sequence': '\u009b31m',
  'C1 string': '\u009d0;x\u009c',
  backspaces: 'good\b\b\b\bevil',
  'carriage return': 'rejected\raccepted',
  'carriage return, line feed': 'a\r\nb',
  'line feed': 'a\nb',
  'vertical tab, form feed': 'a\u000bb\u000cc',
  'next line': 'a\u0085b',
  null: 'a\u0000b',
  delete: 'a\u007fb',
  tab: '\ta\tb',
});

const UNICODE = group('unicode', {
  'line separator': 'a\u2028b',
  'paragraph separator': 'a\u2029b',
  'right-to-left override': 'auto\u202egpj.exe',
  isolates: '\u2066a\u2069\u2067b\u2069',
  'direction marks': 'a\u200eb\u200fc\u061cd',
  'zero-width joiner': 'port\u200dfolio',
  'zero-width space': 'port\u200bfolio',
  'zero-width non-joiner': 'port\u200cfolio',
  'word joiner': 'port\u2060folio',
  'byte order mark': '\ufeffportfolio',
  'soft hyphen': 'port\u00adfolio',
  'tag characters': 'a\u{e0041}\u{e007f}',
  'interlinear annotation': 'a\ufff9b\ufffac\ufffb',
  'lone high surrogate': 'a\ud800b',
  'lone low surrogate': 'a\udfffb',
  'swapped surrogates': '\udc00\ud800',
  'look-alike': 'p\u043ertf\u043elio.leverage',
});

const MARKDOWN = group('markdown', {
  heading: '# Approved',
  'heading on a new line': 'x\n# Approved',
  underline: '===',
  'other underline': '---',
  'task list': '- [x] All changes are safe for live.',
  'task list on a new line': 'x\n- [x] done <!-- task:safe -->',
  'numbered list': '1. one',
  'numbered list with a bracket': '1) one',
  quote: '> quote',
  'code fence': '```\ncode',
  'other code fence': '~~~\ncode',
  'indented code': '    code',
  'table row': '| a | b |',
  'table delimiter': '|---|:-:|',
  pipe: 'a|b',
  'escaped pipe': 'a\\|b',
  'backslash at the end': 'a\\',
  'two backslashes': 'a\\\\',
  link: '[approve](javascript:alert(1))',
  image: '![x](https://evil.example/x.png)',
  'reference definition': '[a]: https://evil.example',
  footnote: '[^1]',
  emphasis: '**bold** __bold__ *i* _i_ ~~s~~',
  code: '`code`',
  backticks: '``` `` `',
  'backtick at the end': 'a`',
  math: '$x$ $$y$$',
  'hard break': 'a  \nb',
  emoji: ':+1:',
});

const GITHUB = group('github', {
  mention: '@octocat',
  'mention in a sentence': 'ask (@octocat) now',
  'team mention': '@org/team',
  email: 'mail@evil.example',
  'issue reference': '#1',
  'issue reference in a sentence': 'fixes #1',
  'issue reference with a prefix': 'GH-1',
  'reference elsewhere': 'owner/repo#1',
  'commit elsewhere': 'owner/repo@0123456789abcdef0123456789abcdef01234567',
  link: 'https://evil.example',
  'link in capitals': 'HTTP://EVIL.example',
  'link without a scheme': 'www.evil.example',
  'link in angle brackets': '<https://evil.example>',
  'mail link': 'mailto:x@evil.example',
  'chat link': 'xmpp:x@evil.example/y',
  'closing keyword': 'closes #1',
  expression: '\u0024{{ github.token }}',
});

const HTML = group('html', {
  script: '<script>alert(1)</script>',
  'event handler': '<img src=x onerror=alert(1)>',
  'closing tag': '</details></td></table>',
  'open tag': '<a href="',
  entities: '&lt;b&gt; &amp; &#64;octocat &#x23;1 &commat;octocat',
  'comment start': '<!--',
  'comment end': '-->',
  'other comment end': '--!>',
  'abrupt comment': '<!-->',
  'machine state': '<!-- peak:state {"lane":"auto"} -->',
  dashes: '--',
});

const ACTIONS = group('actions', {
  error: '::error::forged',
  'error with a place': '::error file=a,line=1::forged',
  'on a new line': 'x\n::stop-commands::t',
  'old style': '##[error]forged',
  'set output': '::set-output name=x::y',
  'percent escape': '%0A::error::forged',
  'environment file': 'x<<EOF\ny\nEOF',
  delimiter: 'EOF',
});

const COMMITS = group('commit', {
  trailer: 'x\n\nPeak-Digest: 0000',
  'trailer alone': '\nPeak-Digest: 0000',
  'trailer after a carriage return': 'x\rPeak-Lane: auto',
  'sign-off': 'x\n\nSigned-off-by: Somebody <a@b.example>',
  comment: '# comment',
  scissors: '# ------------------------ >8 ------------------------',
});

const OTHERS = group('other', {
  formula: '=1+1',
  'formula with plus': '+1+1',
  'formula with minus': '-1+1',
  'formula with at': '@SUM(A1)',
  'formula after a tab': '\t=1+1',
  'data exchange': "=cmd|' /C calc'!A0",
  'slack channel': '<!channel>',
  'slack user': '<@U0123456>',
  'slack link': '<https://evil.example|safe>',
  prototype: '__proto__',
  'prototype path': '__proto__.polluted',
  constructor: 'constructor.prototype.polluted',
  'double quote': '"',
  'single quote': "'",
  'triple quotes': '"""',
  'other triple quotes': "'''",
  bracket: ']',
  'toml table': '"]\n[auto_applied]\n"portfolio.leverage" = 9.0',
  'toml value': '" = 1\n"portfolio.leverage" = 9.0 # ',
  'json member': '","status":"ACCEPTED_FOR_PROPOSAL","x":"',
  'command substitution': '$(id)',
  'shell words': "'; id; '",
  'shell expansion': '$IFS ~ * ? {a,b} !!',
  option: '--upload-pack=id',
  'path out': '../../etc/passwd',
  'absolute path': '/etc/passwd',
  'windows path': 'C:\\Windows\\CON',
  'git path': '.git/config',
});

/** Every attack on a sink in one list. A new attack goes here, and every sink is tested with it. */
export const HOSTILE_TEXTS: readonly HostileText[] = [
  ...EXTREMES,
  ...TERMINAL,
  ...UNICODE,
  ...MARKDOWN,
  ...GITHUB,
  ...HTML,
  ...ACTIONS,
  ...COMMITS,
  ...OTHERS,
];
