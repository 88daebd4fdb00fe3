import type { AutoApplyPolicy } from '../governance/index.ts';
import {
  AUTO_TOML_BACKUP_PATH,
  AUTO_TOML_PATH,
  BASE_CONFIG_PATH,
  DECISIONS_PATH,
  EVIDENCE_PATH,
  LEARNING_OVERRIDE_PATH,
  POLICY_PATH,
  PROPOSALS_PATH,
} from '../kernel/governed-paths.ts';
import type { Problem } from '../kernel/problem.ts';
import { describeProblem } from '../kernel/problem-catalogue.ts';
import type { Result } from '../kernel/result.ts';
import { type Check, checkKnown, fine, type Known, wrong } from './check.ts';
import { ownersOf } from './code-owners.ts';
import { WORKFLOW_PATH } from './names.ts';
import { checkWorkflows } from './workflow-checks.ts';

/** A Git attribute of a path, as `git check-attr` says it. */
export interface PathAttribute {
  readonly path: string;
  readonly attribute: string;
  readonly value: string;
}

/** A governed folder as it stands on disk. */
export interface LocalFacts {
  readonly hasCommits: boolean;
  readonly policy: Result<AutoApplyPolicy>;
  /** Errors in base configuration and override files. */
  readonly configurationProblems: readonly Problem[];
  /** Of the files that should be there, those that are. */
  readonly present: ReadonlySet<string>;
  /** Path → text; null: it could not be read. */
  readonly workflows: ReadonlyMap<string, string | null>;
  /** The one that GitHub reads. */
  readonly codeOwners: { readonly file: string; readonly text: string } | null;
  readonly attributes: Known<readonly PathAttribute[]>;
  readonly ignored: Known<ReadonlySet<string>>;
}

/** Files without which nothing runs, or nothing guards. */
export const EXPECTED_FILES = [
  POLICY_PATH,
  BASE_CONFIG_PATH,
  AUTO_TOML_PATH,
  LEARNING_OVERRIDE_PATH,
  WORKFLOW_PATH,
  '.gitattributes',
  'app.yml',
] as const;

/** One path of each kind whose bytes count; they need not exist. */
export function governedSamples(layers: readonly string[]): readonly string[] {
  return [
    ...EXPECTED_FILES.filter((path) => path !== '.gitattributes'),
    ...layers,
    `${EVIDENCE_PATH}/night/signal.json`,
    `${EVIDENCE_PATH}/signals.jsonl`,
    `${PROPOSALS_PATH}/live_promotion_x/proposal_meta.json`,
    `${PROPOSALS_PATH}/live_promotion_x/OPERATOR_CHECKLIST.md`,
    `${DECISIONS_PATH}/decisions_x.json`,
  ];
}

/** Paths of local state, which must not be committed. */
export const LOCAL_STATE = ['.peak/run.lock', '.peak-tmp-x', AUTO_TOML_BACKUP_PATH] as const;

/** Attributes that let Git change bytes on their way in or out (gitattributes(5)). */
export const CONVERTING_ATTRIBUTES = ['text', 'filter', 'ident', 'working-tree-encoding'] as const;

/** Everything that can be said without GitHub. */
export function checkLocally(facts: LocalFacts): readonly Check[] {
  const { policy } = facts;
  return [
    facts.hasCommits ? fine('REPOSITORY') : wrong('REPOSITORY', 'error'),
    ...checkPolicy(policy),
    checkConfiguration(facts),
    ...EXPECTED_FILES.map((path) =>
      facts.present.has(path) ? fine('FILE', { path }) : wrong('FILE', 'error', { path }),
    ),
    ...checkKnown('ATTRIBUTES', facts.attributes, checkAttributes),
    ...checkKnown('IGNORED', facts.ignored, (ignored) =>
      checkIgnored(ignored, policy.ok ? policy.value.config.layers : []),
    ),
    ...checkKnown('LOCAL_STATE', facts.ignored, checkLocalState, 'warning'),
    ...checkCodeOwners(facts),
    ...checkWorkflows(facts.workflows),
  ];
}

function checkPolicy(policy: Result<AutoApplyPolicy>): readonly Check[] {
  if (!policy.ok) return [wrong('POLICY', 'error', { reason: reasonsOf(policy.problems) })];
  const { promotion, approvals } = policy.value;
  const { mode, lock } = promotion;
  const degraded = lock && mode === 'bounded_auto';
  const reason =
    mode === 'disabled'
      ? 'the killswitch is on: nothing is proposed, and every open promotion fails its check'
      : 'lock = true: bounded_auto acts as manual_only';
  const count = approvals.operators.length;
  return [
    fine('POLICY', { mode }),
    mode === 'disabled' || degraded ? wrong('MODE', 'warning', { reason }) : fine('MODE'),
    count === 0 ? wrong('OPERATORS', 'error') : fine('OPERATORS', { count: String(count) }),
  ];
}

function checkConfiguration({ configurationProblems: problems }: LocalFacts): Check {
  return problems.length === 0
    ? fine('CONFIGURATION')
    : wrong('CONFIGURATION', 'error', { reason: reasonsOf(problems) });
}

/** The first reasons, with their places; all of them are told by the commands that need the file. */
function reasonsOf(problems: readonly Problem[]): string {
  const words = problems.slice(0, 3).map(({ code, args, file, line }) => {
    const place = [file, line].filter((part) => part !== undefined).join(':');
    return `${place} ${describeProblem(code, args).message}`.trim();
  });
  const more = problems.length - words.length;
  return `${words.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function checkAttributes(found: readonly PathAttribute[]): readonly Check[] {
  const harmful = found.filter(({ attribute, value }) =>
    attribute === 'text' ? value !== 'unset' : value !== 'unspecified' && value !== 'unset',
  );
  if (harmful.length === 0) return [fine('ATTRIBUTES')];
  return harmful.map(({ path, attribute, value }) =>
    wrong('ATTRIBUTES', 'error', { path, attribute, value }),
  );
}

function checkIgnored(ignored: ReadonlySet<string>, layers: readonly string[]): readonly Check[] {
  const lost = governedSamples(layers).filter((path) => ignored.has(path));
  return lost.length === 0 ? [fine('IGNORED')] : lost.map((path) => wrong('IGNORED', 'error', { path }));
}

function checkLocalState(ignored: ReadonlySet<string>): readonly Check[] {
  const seen = LOCAL_STATE.filter((path) => !ignored.has(path));
  return seen.length === 0
    ? [fine('LOCAL_STATE')]
    : seen.map((path) => wrong('LOCAL_STATE', 'warning', { path }));
}

function checkCodeOwners({ codeOwners, policy, workflows }: LocalFacts): readonly Check[] {
  if (codeOwners === null) return [wrong('FILE', 'warning', { path: '.github/CODEOWNERS' })];
  const { file, text } = codeOwners;
  const layers = policy.ok ? policy.value.config.layers : [];
  const guarded = [POLICY_PATH, BASE_CONFIG_PATH, ...layers, WORKFLOW_PATH, ...workflows.keys(), file];
  const open = [...new Set(guarded)].filter((path) => ownersOf(text, path).length === 0);
  const owners = ownersOf(text, AUTO_TOML_PATH).join(' ');
  return [
    ...(open.length === 0
      ? [fine('CODE_OWNERS', { file })]
      : open.map((path) => wrong('CODE_OWNERS', 'warning', { path, file }))),
    owners === '' ? fine('AUTO_TOML_OWNER') : wrong('AUTO_TOML_OWNER', 'warning', { owners }),
  ];
}
