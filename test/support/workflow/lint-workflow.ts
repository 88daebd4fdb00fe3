import { checkWorkflows } from '../../../src/setup/workflow-checks.ts';
import { type Job, parseWorkflow, type Step, type Workflow } from './workflow.ts';

/** Commits of actions that somebody has looked at: the pins that this project uses, and no others. */
const KNOWN_PINS: ReadonlySet<string> = new Set([
  'actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2',
  'actions/setup-node@6044e13b5dc448c55e2357c09f80417699197238 # v6.2.0',
  'actions/upload-artifact@b7c566a772e6b6bfb58ed0dc250532a479d7789f # v6.0.0',
  'actions/download-artifact@37930b1c2abaa49bbe596cd826c3c89aef350131 # v7.0.0',
  'actions/create-github-app-token@bcd2ba49218906704ab6c1aa796996da409d3eb1 # v3.2.0',
]);

/** What a rule finds: `code place`. */
type Rule = (workflow: Workflow, text: string) => readonly string[];

const stepsOf = ({ jobs }: Workflow): readonly (readonly [string, Step])[] =>
  Object.entries(jobs).flatMap(([name, job]) =>
    job.steps.map((step, i): [string, Step] => [`${name}[${i}]`, step]),
  );
const jobsOf = ({ jobs }: Workflow): readonly (readonly [string, Job])[] => Object.entries(jobs);

const RULES: Readonly<Record<string, Rule>> = {
  /** A tag or branch moves; the version behind a commit is for people. */
  UNPINNED: (_, text) =>
    [...text.matchAll(/^\s*(?:- )?uses:\s*(.*?)\s*$/gm)]
      .map(([, found = '']) => found)
      .filter((found) => found !== './' && found !== '<<action>>' && !KNOWN_PINS.has(found)),
  /** What a workflow does not name is granted by a setting that somebody can change. */
  PERMISSIONS_NOT_EMPTY: ({ permissions }) =>
    JSON.stringify(permissions) === '{}' ? [] : [JSON.stringify(permissions ?? null)],
  PERMISSIONS_NOT_NAMED: (workflow) =>
    jobsOf(workflow)
      .filter(([, { permissions }]) => typeof permissions !== 'object')
      .map(([name]) => name),
  /** Only a job in a protected environment writes, and only what pull requests need. */
  PERMISSION_TO_WRITE: (workflow) =>
    jobsOf(workflow).flatMap(([name, { permissions, environment }]) =>
      Object.entries(typeof permissions === 'object' ? permissions : {})
        .filter(([, level]) => level !== 'read' && level !== 'none')
        .filter(([what]) => environment === undefined || !['contents', 'pull-requests'].includes(what))
        .map(([what]) => `${name}.${what}`),
    ),
  /**
   * Both run with this repository's rights on somebody else's content. The first is let through where a job can only read, has no
   * secret, and takes the head as objects, as the doctor demands.
   */
  DANGEROUS_TRIGGER: (workflow, text) => {
    const { on } = workflow;
    const triggers = typeof on === 'string' ? [on] : Array.isArray(on) ? on : Object.keys(on);
    const isHarmless =
      jobsOf(workflow).every(([, { permissions }]) =>
        Object.values(typeof permissions === 'object' ? permissions : { all: 'write' }).every(
          (level) => level === 'read',
        ),
      ) &&
      !/secrets[.[]|environment:/.test(text) &&
      checkWorkflows(new Map([['x', text]])).every(
        ({ code, level }) => code !== 'HEAD_IN_TARGET' || level === 'ok',
      );
    return triggers.filter(
      (name) => (name === 'pull_request_target' && !isHarmless) || name === 'workflow_run',
    );
  },
  /** Text that is filled into a script is a script. Values travel in `env`. */
  EXPRESSION_IN_SCRIPT: (workflow) =>
    stepsOf(workflow).flatMap(([place, { run = '' }]) => (run.includes('${{') ? [place] : [])),
  /** Steps after it could read the token from .git/config. */
  CREDENTIALS_KEPT: (workflow) =>
    stepsOf(workflow)
      .filter(([, { uses = '' }]) => uses.startsWith('actions/checkout@'))
      .filter(([, step]) => step.with?.['persist-credentials'] !== false)
      .map(([place]) => place),
  NO_TIMEOUT: (workflow) =>
    jobsOf(workflow)
      .filter(([, job]) => job['timeout-minutes'] === undefined)
      .map(([name]) => name),
  /** Any writer's workflow reads a secret that no environment guards. */
  SECRET_OUTSIDE_ENVIRONMENT: (workflow) =>
    jobsOf(workflow)
      .filter(([, job]) => job.environment === undefined && /secrets[.[]/.test(JSON.stringify(job)))
      .map(([name]) => name),
  /** Without pipefail the first command of a pipe may fail unseen. */
  SHELL_WITHOUT_PIPEFAIL: (_, text) =>
    /^defaults:\n {2}run:\n {4}shell: bash\b/m.test(text) ? [] : ['defaults'],
};

/** Names of the rules. */
export const WORKFLOW_RULES = Object.keys(RULES);

/** What a workflow must not do, as `RULE place`; nothing when it is sound. */
export function findWorkflowFaults(text: string): readonly string[] {
  const workflow = parseWorkflow(text);
  return Object.entries(RULES).flatMap(([code, rule]) =>
    rule(workflow, text).map((place) => `${code} ${place}`),
  );
}
