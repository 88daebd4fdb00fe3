/** A number of things in words: `1 problem`, `2 problems`. `many` (default: `one` and an s) is the noun for every other number. */
export function counted(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
