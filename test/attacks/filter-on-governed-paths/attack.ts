import type { Attack } from '../../support/review/attack.ts';

export const attack: Attack = {
  hope: 'what is checked out are other bytes than what was judged',
  variants: {
    'a filter': (repo) => repo.onMain((at) => at.write('.gitattributes', '*.toml filter=swap\n')),
    'a filter by folder': (repo) =>
      repo.onMain((at) => at.write('config/.gitattributes', '** filter=swap\n')),
    'a merge driver': (repo) => repo.onMain((at) => at.write('.gitattributes', 'config/** merge=union\n')),
    CRLF: (repo) => repo.onMain((at) => at.write('.gitattributes', '* eol=crlf\n')),
    'a macro': (repo) => repo.onMain((at) => at.write('.gitattributes', '[attr]plain filter=swap\n')),
  },
  conclusion: 'failure',
  codes: ['FILTER_REFUSED'],
  twin: (repo) => repo.onMain((at) => at.write('.gitattributes', 'config/** -text\n*.png filter=lfs\n')),
};
