/** Markdown as it reads on GitHub's page, roughly: without comments, diagrams and the tags of folded parts. */
export function toReadableBody(body: string): string {
  return body
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .replaceAll(/```mermaid[\s\S]*?```/g, '(a diagram)')
    .replaceAll(/<\/?(?:details|summary|br|sub|sup)[^>]*>/g, '')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}
