import * as z from 'zod';
import { parseInstant } from '../kernel/instant.ts';
import { findTargetFault } from '../kernel/target.ts';
import { nearestWord } from '../kernel/text/nearest.ts';
import { formatRange, hardLimitOf, isPathInside } from '../liveconfig/index.ts';
import { Budgets } from './budgets-schema.ts';

/** Tags that follow from the words of a target (seed.md §3.1). */
export const WORD_TAGS = ['leverage', 'risk', 'macro', 'trigger'] as const;

/** The modes, strictest first (seed.md §3.5). */
export const MODES = ['disabled', 'manual_only', 'bounded_auto'] as const;
/** What the promotion loop may do. */
export type Mode = (typeof MODES)[number];

/** The never-list that holds where a policy names none (product.md §4). */
const DEFAULT_NEVER = {
  targets: ['risk.stop_loss', 'live.api_keys.*', 'live.max_order_size', 'strategy.name'],
  tags: ['r_and_d', 'experimental', 'untested'],
};

const finite = z.number().refine(Number.isFinite, 'is no finite number');
const Pattern = z
  .string()
  .regex(
    /^(?:[A-Za-z0-9_-]+|\*)(?:\.(?:[A-Za-z0-9_-]+|\*))*$/,
    'is no dotted pattern such as portfolio.leverage or live.api_keys.*',
  )
  .max(200);
const Tag = z.string().regex(/^[a-z0-9_-]{1,64}$/, 'is no lower-case tag');
const Operator = z
  .string()
  .regex(
    /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})|@[A-Za-z0-9-]{1,39}\/[A-Za-z0-9_.-]{1,100})$/,
    'is neither a login nor @org/team',
  );
const BranchName = z
  .string()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9_/-]{0,198}[A-Za-z0-9])?$/, 'is no name of a branch such as staging')
  .refine((name) => !name.startsWith('peak/'), 'is a branch of the bot');
const Target = z.string().refine((text) => findTargetFault(text) === null, 'is no dotted target');
const Reason = z.string().min(1).max(500);
const Time = z.string().refine((text) => parseInstant(text) !== null, 'is no ISO 8601 time');
const count = (max: number) => z.int().min(0).max(max);

/** How far a target may move: a closed range, the largest step from the live value, and which way is riskier. */
export const AutoApplyBounds = z
  .strictObject({
    min: finite.describe('Smallest value of the auto lane'),
    max: finite.describe('Largest value of the auto lane'),
    max_step: finite.positive().describe('Largest move from the live value, exact in decimals'),
    riskier: z
      .enum(['higher', 'lower'])
      .optional()
      .describe('Which direction carries more risk; leverage: higher'),
  })
  .refine(({ min, max }) => min < max, { message: 'min must be below max', path: ['max'] });
export type AutoApplyBounds = z.infer<typeof AutoApplyBounds>;

const Limit = z
  .strictObject({
    min: finite.optional().describe('Smallest permitted value'),
    max: finite.optional().describe('Largest permitted value'),
  })
  .refine(({ min, max }) => min === undefined || max === undefined || min <= max, {
    message: 'min must not be above max',
    path: ['max'],
  });

/** `config/promotion.toml`: who may promote what, how far, and with whose consent. Unknown keys are errors. */
export const AutoApplyPolicy = z
  .strictObject({
    promotion: z
      .strictObject({
        mode: z
          .enum(MODES)
          .describe(
            'disabled: killswitch. manual_only: proposals, humans decide. bounded_auto: proposals, and the auto lane',
          ),
        lock: z.boolean().default(false).describe('Degrades bounded_auto to manual_only, loudly'),
      })
      .describe('What the promotion loop may do'),
    eligibility: z
      .strictObject({
        targets: z
          .array(Pattern)
          .default([])
          .describe('Targets that may be promoted at all; * is one segment, at the end one or more'),
        min_confidence: z.number().min(0).max(1).default(0.75).describe('Evidence below it is rejected'),
      })
      .prefault({})
      .describe('What may be promoted at all; nothing is by default'),
    never: z
      .strictObject({
        targets: z
          .array(Pattern)
          .default(DEFAULT_NEVER.targets)
          .describe(
            'Targets that are never promoted or shown: whole segments and all below, case-insensitive',
          ),
        tags: z.array(Tag).default(DEFAULT_NEVER.tags).describe('Tags whose changes are never promoted'),
      })
      .prefault({})
      .describe('What is never promoted, in any lane'),
    holds: z
      .record(
        Pattern,
        z.strictObject({
          reason: Reason.describe('Why; shown wherever the hold is'),
          since: Time.optional().describe('When it was set, ISO 8601; for people'),
          until: Time.optional().describe('When it ends, ISO 8601; else it stands until it is removed'),
        }),
      )
      .default({})
      .describe(
        'Targets that never enter the auto lane: whole segments and all below, case-insensitive. peak hold writes them',
      ),
    releases: z
      .record(
        Target,
        z.strictObject({
          at: Time.describe('When; a rollback after it holds the target again'),
          reason: Reason.describe('Why'),
        }),
      )
      .default({})
      .describe('Targets whose hold after a rollback an operator has ended. peak release writes them'),
    tags: z
      .record(Tag, z.array(Pattern))
      .default({})
      .describe(
        'Tag = patterns of targets that carry it, beside leverage, risk, macro and trigger, which follow from the words of a target',
      ),
    bounds: z
      .record(z.string(), AutoApplyBounds)
      .default({})
      .describe(
        'Per tag or per "target"; an entry for the target replaces those of its tags, several tags must all hold. No entry: never the auto lane',
      ),
    hard_limits: z
      .record(z.string(), Limit)
      .default({})
      .describe(
        'Per tag or per "target": narrower than the compiled-in limits (0 ≤ leverage ≤ 3), never wider',
      ),
    auto: z
      .strictObject({
        min_confidence: z
          .number()
          .min(0)
          .max(1)
          .default(0.8)
          .describe('Evidence below it goes to the manual lane'),
        on_step_exceeded: z
          .enum(['manual', 'clamp'])
          .default('manual')
          .describe(
            'manual: the change goes to the manual lane as it is. clamp: it becomes the next permitted step',
          ),
        min_test_health: z
          .number()
          .min(0)
          .max(100)
          .default(80)
          .describe('Lowest test-health score (0–100) that opens the auto lane'),
        max_test_health_age_hours: z
          .number()
          .positive()
          .max(8760)
          .default(48)
          .describe('Oldest test-health signal that counts, in hours'),
      })
      .prefault({})
      .describe('What the auto lane demands beside bounds'),
    evidence: z
      .strictObject({
        max_age_days: z
          .number()
          .positive()
          .max(3650)
          .default(30)
          .describe('Older evidence has expired, in days'),
        auto_max_age_days: z
          .number()
          .positive()
          .max(3650)
          .default(7)
          .describe('If the newest evidence is older, the auto lane is closed, in days'),
        half_life_days: z
          .number()
          .positive()
          .max(3650)
          .default(7)
          .describe('Age at which evidence weighs half, in days'),
      })
      .prefault({})
      .describe('When evidence counts'),
    budgets: Budgets,
    approvals: z
      .strictObject({
        operators: z.array(Operator).default([]).describe('Logins and @org/team that may approve'),
        manual: count(10).default(1).describe('Approvals for a promotion in the manual lane'),
        evidence: count(10).default(1).describe("Approvals for evidence that is not the bot's own"),
        policy_loosening: count(10).default(2).describe('Approvals for a policy that allows more'),
        policy_tightening: count(10)
          .default(0)
          .describe("Approvals for a policy that allows less, on an operator's own pull request"),
        rollback: count(10).default(0).describe('Approvals for a rollback'),
      })
      .prefault({})
      .describe('Who has to agree'),
    machinery: z
      .strictObject({
        paths: z
          .array(z.string().min(1).max(200))
          .default([])
          .describe('Paths that guard the guard, beside .github/ and the like'),
      })
      .prefault({})
      .describe('Files whose change counts as loosening the policy'),
    judge: z
      .strictObject({
        branches: z
          .array(BranchName)
          .default([])
          .describe(
            'Branches beside the default one whose pull requests are judged, each by its own policy; read on the default branch only',
          ),
      })
      .prefault({})
      .describe('What the judge looks at'),
    config: z
      .strictObject({
        layers: z
          .array(z.string().refine(isPathInside, 'is no relative path inside the repository'))
          .default([])
          .describe('Configuration files merged over config/config.toml, in this order'),
      })
      .prefault({})
      .describe('The base configuration'),
  })
  .superRefine((policy, context) => {
    for (const issue of findRangeIssues(policy)) context.addIssue({ ...issue });
  });
export type AutoApplyPolicy = z.infer<typeof AutoApplyPolicy>;

/** What is wrong with a range beside its form, as an issue for zod. */
interface RangeIssue {
  readonly code: 'custom';
  readonly message: string;
  readonly path: string[];
  readonly params: Record<string, unknown>;
  readonly input?: unknown;
}

/**
 * Finds ranges that could never be kept. Takes any value, because zod looks at refinements only when everything else is right, and
 * people should hear of all problems at once.
 */
export function findRangeIssues(policy: unknown): RangeIssue[] {
  const tags = Object.keys(tableIn(policy, 'tags'));
  return ['bounds', 'hard_limits'].flatMap((section) =>
    Object.entries(tableIn(policy, section)).flatMap(([name, range]) => [
      ...findUnknownName(section, name, tags),
      ...findWidening(section, name, range),
    ]),
  );
}

function tableIn(value: unknown, key: string): Readonly<Record<string, unknown>> {
  const table =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return typeof table === 'object' && table !== null ? (table as Record<string, unknown>) : {};
}

/** A range under a mistyped tag, or under a name that nothing can have, would limit nothing, silently. */
function findUnknownName(section: string, name: string, tags: readonly string[]): RangeIssue[] {
  const known = [...WORD_TAGS, ...tags];
  const isMistyped = !name.includes('.') && nearestWord(name, known) !== null;
  if (known.includes(name) || (findTargetFault(name) === null && !isMistyped)) return [];
  return [{ code: 'custom', message: 'unknown name', path: [section, name], params: { known } }];
}

/** A range that promises more than the compiled-in limit of its tag is an error. */
function findWidening(section: string, name: string, range: unknown): RangeIssue[] {
  const limit = hardLimitOf(name);
  if (limit === null || typeof range !== 'object' || range === null) return [];
  return ['min', 'max'].flatMap((key) => {
    const value = (range as Record<string, unknown>)[key];
    if (typeof value !== 'number' || (value >= limit.min && value <= limit.max)) return [];
    const params = { observed: String(value), required: formatRange(limit) };
    return [
      { code: 'custom' as const, message: 'wider than compiled in', path: [section, name, key], params },
    ];
  });
}
