/** Where an annotation of GitHub Actions belongs; lines and columns from 1. */
export interface AnnotationPlace {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/**
 * A workflow command (`::error file=…::message`) as one line. Untrusted text cannot end it, add a property or start another command:
 * escaped as GitHub's own toolkit does (`@actions/core`, command.ts).
 */
export function formatAnnotation(
  level: 'error' | 'warning' | 'notice',
  message: string,
  { file, line, column }: AnnotationPlace = {},
): string {
  const properties = [
    ['file', file],
    ['line', line],
    ['col', column],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${escapeProperty(String(value))}`]));
  const head = properties.length === 0 ? level : `${level} ${properties.join(',')}`;
  return `::${head}::${disarmWorkflowCommands(escapeData(message))}\n`;
}

/**
 * Text that a runner prints but does not obey: a line that would start a command (`::`), and the older form that counts anywhere
 * (`##[`), get a blank in between.
 */
export function disarmWorkflowCommands(text: string): string {
  return text.replaceAll(/^([\t ]*):(?=:)/gm, '$1: ').replaceAll(/##(?=\[)/g, '# #');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
