import * as z from 'zod';
import { parseInstant } from '../kernel/instant.ts';
import { isExactNumber, isWellFormedText } from '../kernel/scalar.ts';
import { findTargetFault } from '../kernel/target.ts';

const Name = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'letters, digits, ".", "_" and "-", at most 64');
const Ratio = z.number().min(0).max(1);
const Time = z
  .string()
  .refine((text) => parseInstant(text) !== null, 'an ISO 8601 time such as 2026-11-22T03:00:00Z')
  .describe('ISO 8601; without an offset it is UTC');
const Target = z
  .string()
  .refine((text) => findTargetFault(text) === null, 'a dotted target such as portfolio.leverage')
  .describe('Dotted key of a parameter, e.g. portfolio.leverage');
const Value = z.union([
  z.number().refine(isExactNumber, 'a number that a double holds exactly'),
  z.string().max(1024).refine(isWellFormedText, 'text that UTF-8 can hold'),
  z.boolean(),
]);

/** One recommended change of one target. */
const RecommendedChange = z.strictObject({
  target: Target,
  old_value: Value.nullable()
    .optional()
    .describe('What the evidence believes the value is now; checked, never trusted'),
  new_value: Value.describe('A finite number, a text or a boolean'),
  confidence: Ratio.optional().describe('0–1; default: the confidence of the signal'),
});

/** One piece of evidence, as this project's own tools write it (product.md §1). Foreign formats are read more tolerantly. */
export const LearningSignal = z
  .strictObject({
    schema_version: z.literal(1),
    signal_id: z
      .string()
      .regex(
        /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$/,
        'letters, digits, ".", "_" and "-", at most 64, no "." at the start',
      )
      .describe('Unique; also the file name'),
    source: Name.describe('test_health, trigger_training, macro, backtest, …'),
    created_at: Time,
    expires_at: Time.optional().describe('The signal does not count from then on'),
    experiment_id: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('The same experiment reported twice counts once'),
    data_start: Time.optional().describe('First moment of the data behind it'),
    data_end: Time.optional().describe('Last moment of the data behind it'),
    confidence: Ratio.optional(),
    quality: Ratio.optional().describe('Weight of this kind of evidence; default 1'),
    sample_size: z.int().min(0).optional().describe('Observations behind it'),
    tags: z.array(Name).optional().describe('Tags such as r_and_d; they can only hold a change back'),
    metrics: z
      .record(z.string().max(64), z.union([z.number(), z.string().max(1024), z.boolean(), z.null()]))
      .optional()
      .describe('Measurements; health_score (0–100) of a test_health signal opens or closes the auto lane'),
    summary: z.string().max(2000).optional().describe('One sentence for people'),
    recommended_changes: z.array(RecommendedChange).max(1000),
  })
  .meta({
    title: 'LearningSignal',
    description: 'One piece of evidence with recommended changes, reports/learning_snippets/**/*.json',
  });
export type LearningSignal = z.infer<typeof LearningSignal>;
