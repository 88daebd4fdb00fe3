import { expect, test } from 'vitest';
import { readMergedProposal } from '../../src/cycles/read-merged-proposal.ts';
import type { HistoryEvent } from '../../src/history/index.ts';
import { readHistory } from '../../src/history/index.ts';
import {
  AUTO_TOML_PATH,
  BASE_CONFIG_PATH,
  POLICY_PATH,
  PROPOSALS_PATH,
} from '../../src/kernel/governed-paths.ts';
import { DAY_MS, instantFromMs } from '../../src/kernel/instant.ts';
import { type Files, MemoryLine } from '../support/history/memory-line.ts';
import {
  autoToml,
  proposalFiles,
  proposalId,
  type TestChange,
  type TestProposal,
} from '../support/history/proposal-files.ts';

const LEVERAGE = 'portfolio.leverage';
const WEIGHT = 'macro.weight';
const SLOTS = [WEIGHT, LEVERAGE];
const BASE = '[portfolio]\nleverage = 1.0\n\n[macro]\nweight = 0.3\n';
const START = 1_700_000_000_000;

/** A governed line that starts with base configuration, policy and an empty `auto.toml`; a commit a day. */
class Line extends MemoryLine {
  #days = 0;
  readonly values = new Map<string, number>();

  constructor() {
    super();
    this.day({
      [BASE_CONFIG_PATH]: BASE,
      [POLICY_PATH]: '[promotion]\nmode = "manual_only"\n',
      [AUTO_TOML_PATH]: autoToml(SLOTS, this.values),
    });
  }

  get now() {
    return instantFromMs(START + (this.#days + 1) * DAY_MS);
  }

  day(files: Files, mode?: string): string {
    this.#days += 1;
    return this.commit(files, START + this.#days * DAY_MS, mode);
  }

  /** `auto.toml` with these overrides on top of what the helper has set so far; null removes. */
  auto(values: Readonly<Record<string, number | null>>): Files {
    for (const [target, value] of Object.entries(values)) {
      if (value === null) this.values.delete(target);
      else this.values.set(target, value);
    }
    return { [AUTO_TOML_PATH]: autoToml(SLOTS, this.values) };
  }

  /** Merges a proposal as it should be. */
  promote(number: number, changes: readonly TestChange[], more: Partial<TestProposal> = {}): string {
    const values = Object.fromEntries(changes.map(({ target, new: next }) => [target, next as number]));
    return this.day({ ...proposalFiles({ number, changes, ...more }), ...this.auto(values) });
  }

  async events(since: number | null = null): Promise<readonly HistoryEvent[]> {
    const history = await readHistory(this, {
      head: this.head,
      now: this.now,
      since: since === null ? null : instantFromMs(START + since * DAY_MS),
      readProposal: readMergedProposal,
    });
    if (!history.ok) throw new Error(JSON.stringify(history.problems));
    return history.value.events;
  }

  /** `kind target before→after …` of every event but those of the first commit. */
  async told(since: number | null = null): Promise<readonly string[]> {
    const events = await this.events(since);
    return events.slice(since === null ? 2 : 0).map((event) => {
      const changes = event.changes.map(
        ({ target, before, after }) => `${target} ${before?.value}→${after?.value}`,
      );
      const settled = event.kind === 'unexplained' && event.settledBy !== null ? ['settled'] : [];
      const undone =
        event.kind === 'rollback'
          ? event.undone.map(({ proposalId: id }) => `undoes ${id?.slice(-2) ?? '?'}`)
          : [];
      return [event.kind, ...changes, ...undone, ...settled].join(' ');
    });
  }
}

const up = (old: number, next: number, target = LEVERAGE): TestChange => ({ target, old, new: next });
const folderOf = (number: number): Files =>
  Object.fromEntries(
    Object.keys(proposalFiles({ number, changes: [up(1, 1.25)] })).map((path) => [path, null]),
  );

test('a promotion is a commit that adds a proposal whose change set is what it does to auto.toml', async () => {
  const line = new Line();
  line.promote(1, [up(1, 1.25), up(0.3, 0.4, WEIGHT)]);
  line.promote(2, [up(1.25, 1.5)]);
  expect(await line.told()).toEqual([
    `promotion ${WEIGHT} 0.3→0.4 ${LEVERAGE} 1→1.25`,
    `promotion ${LEVERAGE} 1.25→1.5`,
  ]);
});

test.each<readonly [string, (line: Line) => void]>([
  ['no folder', (line) => void line.day(line.auto({ [LEVERAGE]: 1.25 }))],
  [
    'a smuggled key',
    (line) =>
      void line.day({
        ...proposalFiles({ number: 1, changes: [up(1, 1.25)] }),
        ...line.auto({ [LEVERAGE]: 1.25, [WEIGHT]: 0.8 }),
      }),
  ],
  [
    'another value',
    (line) =>
      void line.day({
        ...proposalFiles({ number: 1, changes: [up(1, 1.2)] }),
        ...line.auto({ [LEVERAGE]: 1.25 }),
      }),
  ],
  [
    'another old value',
    (line) =>
      void line.day({
        ...proposalFiles({ number: 1, changes: [up(1.1, 1.25)] }),
        ...line.auto({ [LEVERAGE]: 1.25 }),
      }),
  ],
  [
    'a folder under another name',
    (line) =>
      void line.day({
        [`${PROPOSALS_PATH}/x/proposal_meta.json`]: Object.values(
          proposalFiles({ number: 1, changes: [up(1, 1.25)] }),
        )[2] as string,
        ...line.auto({ [LEVERAGE]: 1.25 }),
      }),
  ],
])('with %s it is unexplained', async (_, act) => {
  const line = new Line();
  act(line);
  const [told] = await line.told();
  expect(told).toMatch(/^unexplained/);
  expect(told).toContain(`${LEVERAGE} 1→1.25`);
});

test.each<readonly [string, (line: Line) => void]>([
  ['git revert', (line) => void line.day({ ...folderOf(2), ...line.auto({ [LEVERAGE]: 1.25 }) })],
  ['a restored backup', (line) => void line.day(line.auto({ [LEVERAGE]: 1.25 }))],
  [
    'a rollback folder',
    (line) =>
      void line.day({
        [`${PROPOSALS_PATH}/rollback_1/rollback.json`]: '{"schema_version":1}',
        ...line.auto({ [LEVERAGE]: 1.25 }),
      }),
  ],
])('%s is a rollback of the latest promotion', async (_, act) => {
  const line = new Line();
  line.promote(1, [up(1, 1.25)]);
  line.promote(2, [up(1.25, 1.5)]);
  act(line);
  expect((await line.told()).slice(2)).toEqual([`rollback ${LEVERAGE} 1.5→1.25 undoes 02`]);
});

test('an emptied table is a rollback of everything, and promoting again is a promotion again', async () => {
  const line = new Line();
  line.promote(1, [up(1, 1.25)]);
  line.promote(2, [up(1.25, 1.5)]);
  line.promote(3, [up(0.3, 0.4, WEIGHT)]);
  line.values.clear();
  line.day({ [AUTO_TOML_PATH]: '[auto_applied]\n' });
  line.promote(4, [up(1, 1.2)]);
  expect((await line.told()).slice(3)).toEqual([
    `rollback ${WEIGHT} 0.4→0.3 ${LEVERAGE} 1.5→1 undoes 03 undoes 01 undoes 02`,
    `promotion ${LEVERAGE} 1→1.2`,
  ]);
});

test('reverting a revert brings the folder back, and is a promotion', async () => {
  const line = new Line();
  line.promote(1, [up(1, 1.25)]);
  line.day({ ...folderOf(1), ...line.auto({ [LEVERAGE]: null }) });
  line.promote(1, [up(1, 1.25)]);
  expect((await line.told()).map((told) => told.split(' ')[0])).toEqual([
    'promotion',
    'rollback',
    'promotion',
  ]);
});

test('a rebase merge never makes its passages values that were live', async () => {
  const line = new Line();
  line.promote(1, [up(1, 1.1)]);
  line.day(line.auto({ [LEVERAGE]: 3, [WEIGHT]: 0.9 }));
  line.day(line.auto({ [LEVERAGE]: 2 }));
  line.day({
    ...proposalFiles({ number: 2, changes: [up(1.1, 1.25)] }),
    ...line.auto({ [LEVERAGE]: 1.25, [WEIGHT]: null }),
  });
  line.day(line.auto({ [LEVERAGE]: 1.1 }));
  expect((await line.told()).slice(1)).toEqual([
    `unexplained ${WEIGHT} 0.3→0.9 ${LEVERAGE} 1.1→3 settled`,
    `unexplained ${LEVERAGE} 3→2 settled`,
    `promotion ${LEVERAGE} 1.1→1.25`,
    'rollback',
    `rollback ${LEVERAGE} 1.25→1.1 undoes 02`,
  ]);
});

test('a rebase merge that puts folder and value into two commits is one promotion, in either order', async () => {
  const line = new Line();
  line.day(proposalFiles({ number: 1, changes: [up(1, 1.25)] }));
  line.day(line.auto({ [LEVERAGE]: 1.25 }));
  line.day(line.auto({ [WEIGHT]: 0.4 }));
  line.day(proposalFiles({ number: 2, changes: [up(0.3, 0.4, WEIGHT)] }));
  expect(await line.told()).toEqual([
    'unexplained settled',
    `promotion ${LEVERAGE} 1→1.25`,
    `unexplained ${WEIGHT} 0.3→0.4 settled`,
    `promotion ${WEIGHT} 0.3→0.4`,
  ]);
});

test('a passage cannot make itself a former value: not even when the proposal starts from it', async () => {
  const line = new Line();
  line.day(line.auto({ [LEVERAGE]: 3 }));
  line.promote(1, [up(3, 1.25)], { baseCommit: 'f'.repeat(40) });
  line.day(line.auto({ [LEVERAGE]: 3 }));
  expect((await line.told()).map((told) => told.split(' ')[0])).toEqual([
    'unexplained',
    'unexplained',
    'unexplained',
  ]);
});

test('a value set by hand is a value it had once a merged proposal was derived from a commit that has it', async () => {
  const line = new Line();
  const byHand = line.day(line.auto({ [LEVERAGE]: 1.5 }));
  line.promote(1, [up(1.5, 1.75)], { baseCommit: byHand });
  line.day(line.auto({ [LEVERAGE]: 1.5 }));
  line.day(line.auto({ [LEVERAGE]: null }));
  expect(await line.told()).toEqual([
    `unexplained ${LEVERAGE} 1→1.5`,
    `promotion ${LEVERAGE} 1.5→1.75`,
    `rollback ${LEVERAGE} 1.75→1.5 undoes 01`,
    `rollback ${LEVERAGE} 1.5→1 undoes ?`,
  ]);
});

test('several proposals in one commit are told together, also where one follows another', async () => {
  const line = new Line();
  line.day({
    ...proposalFiles({ number: 1, changes: [up(1, 1.25)], lane: 'auto' }),
    ...proposalFiles({ number: 2, changes: [up(1.25, 1.5), up(0.3, 0.4, WEIGHT)] }),
    ...line.auto({ [LEVERAGE]: 1.5, [WEIGHT]: 0.4 }),
  });
  const [promotion] = (await line.events()).slice(2);
  expect(promotion).toMatchObject({
    kind: 'promotion',
    proposals: [{ id: proposalId(1) }, { id: proposalId(2) }],
  });
  expect(await line.told()).toEqual([`promotion ${WEIGHT} 0.3→0.4 ${LEVERAGE} 1→1.5`]);
});

test('edits of the base configuration count where no override hides them; graduation changes nothing live', async () => {
  const line = new Line();
  line.day({ [BASE_CONFIG_PATH]: BASE.replace('1.0', '1.1') });
  line.promote(1, [up(1.1, 1.25)]);
  line.day({ [BASE_CONFIG_PATH]: BASE.replace('1.0', '1.2') });
  line.day({ [BASE_CONFIG_PATH]: BASE.replace('1.0', '1.25'), ...line.auto({ [LEVERAGE]: null }) });
  line.day({ [BASE_CONFIG_PATH]: BASE.replace('1.0', '5.0') });
  line.day({ [BASE_CONFIG_PATH]: 'no toml' });
  line.day({ [BASE_CONFIG_PATH]: BASE });
  expect(await line.told()).toEqual([
    `configuration ${LEVERAGE} 1→1.1`,
    `promotion ${LEVERAGE} 1.1→1.25`,
    'configuration',
    'configuration',
    'configuration',
    'configuration',
    `configuration ${LEVERAGE} 1.25→1`,
  ]);
  const problems = (await line.events()).map((event) =>
    event.kind === 'configuration' ? event.problems.map(({ code }) => code) : [],
  );
  expect(problems.flat()).toEqual(['BASE_HARD_LIMIT', 'TOML_INVALID']);
});

test('layers count from the policy that names them on', async () => {
  const line = new Line();
  line.day({ 'config/extra.toml': '[portfolio]\nleverage = 1.3\n' });
  line.day({
    [POLICY_PATH]: '[promotion]\nmode = "manual_only"\n[config]\nlayers = ["config/extra.toml"]\n',
  });
  line.day({ 'config/extra.toml': '[portfolio]\nleverage = 1.4\n' });
  expect(await line.told()).toEqual([
    'policy',
    `configuration ${LEVERAGE} 1→1.3`,
    `configuration ${LEVERAGE} 1.3→1.4`,
  ]);
});

test('an unreadable auto.toml is named, and its repair takes nothing back', async () => {
  const line = new Line();
  line.promote(1, [up(1, 1.25)]);
  const good = line.text(AUTO_TOML_PATH) as string;
  line.day({ [AUTO_TOML_PATH]: '[auto_applied\n' });
  line.day({ [AUTO_TOML_PATH]: good });
  line.day({ [AUTO_TOML_PATH]: 'nowhere' }, '120000');
  line.values.clear();
  line.day({ [AUTO_TOML_PATH]: '[auto_applied]\n' });
  expect((await line.told()).slice(1)).toEqual([
    `unexplained ${LEVERAGE} 1.25→1 settled`,
    'rollback',
    `unexplained ${LEVERAGE} 1.25→1 settled`,
    `rollback ${LEVERAGE} 1.25→1 undoes 01`,
  ]);
});

test('a record that is changed or removed after its merge is named', async () => {
  const line = new Line();
  line.promote(1, [up(1, 1.25)]);
  line.day({ [`${PROPOSALS_PATH}/${proposalId(1)}/config_patches.json`]: '{}' });
  line.day(folderOf(1));
  line.day(line.auto({ [LEVERAGE]: null }));
  const events = await line.events();
  expect((await line.told()).slice(1)).toEqual([
    'unexplained',
    'unexplained',
    `rollback ${LEVERAGE} 1.25→1 undoes 01`,
  ]);
  expect(events.flatMap((event) => (event.kind === 'unexplained' ? event.files : []))).toHaveLength(4);
});

test('a rollback of a covered promotion moves nothing, and the later one then goes back to before both', async () => {
  const line = new Line();
  line.promote(1, [up(1, 1.25)]);
  line.promote(2, [up(1.25, 1.5)]);
  const record = { schema_version: 1, proposals: [proposalId(1)] };
  line.day({ [`${PROPOSALS_PATH}/rollback_1/rollback.json`]: JSON.stringify(record) });
  line.day(line.auto({ [LEVERAGE]: 1.25 }));
  line.day(line.auto({ [LEVERAGE]: 1 }));
  expect((await line.told()).slice(2)).toEqual([
    'rollback undoes 01',
    `unexplained ${LEVERAGE} 1.5→1.25 settled`,
    `rollback ${LEVERAGE} 1.5→1 undoes 02`,
  ]);
});

test('a window tells the same as the whole history, from its start on', async () => {
  const line = new Line();
  line.promote(1, [up(1, 1.25)]);
  line.promote(2, [up(1.25, 1.5)]);
  line.promote(3, [up(0.3, 0.4, WEIGHT)]);
  line.day({ ...folderOf(2), ...line.auto({ [LEVERAGE]: null }) });
  expect(await line.told(4)).toEqual([`promotion ${WEIGHT} 0.3→0.4`, `rollback ${LEVERAGE} 1.5→1 undoes ?`]);
});

test('a clone that does not hold the window is refused, with the depth that it needs', async () => {
  const line = new Line();
  for (const value of [1.1, 1.2, 1.3]) line.day({ [BASE_CONFIG_PATH]: BASE.replace('1.0', String(value)) });
  line.cutAt = 2;
  const read = (since: number | null) =>
    readHistory(line, {
      head: line.head,
      now: line.now,
      since: since === null ? null : instantFromMs(START + since * DAY_MS),
      readProposal: readMergedProposal,
    });
  expect(await read(4)).toMatchObject({ ok: true });
  expect(await read(3)).toMatchObject({
    ok: false,
    problems: [{ code: 'HISTORY_TOO_SHALLOW', args: { date: '2023-11-16' } }],
  });
  expect(await read(null)).toMatchObject({ ok: false, problems: [{ code: 'HISTORY_TOO_SHALLOW' }] });
});

test('a base commit that is not on the line is named: history was rewritten', async () => {
  const line = new Line();
  line.promote(1, [up(1, 1.25)], { baseCommit: 'f'.repeat(40) });
  line.promote(2, [up(1.25, 1.5)], { baseCommit: line.head });
  const history = await readHistory(line, {
    head: line.head,
    now: line.now,
    since: null,
    readProposal: readMergedProposal,
  });
  expect(history.problems.map(({ code, args }) => [code, args['commit']])).toEqual([
    ['HISTORY_REWRITTEN', 'ffffffffffff'],
  ]);
});
