/** What a command's end means to the shell (product.md §9). */
export const EXIT = { done: 0, no: 1, badInput: 2, outsideFailed: 3, bug: 70 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
