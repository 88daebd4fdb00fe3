import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**', 'test/bench/**'],
    // Builds the command that whole runs start.
    globalSetup: ['test/support/build.ts'],
    setupFiles: ['test/support/no-console.ts'],
    // Tests change the working directory, the environment and git repositories: a process each, not a thread.
    pool: 'forks',
    // Whole runs wait for processes and disks: two at once keep two cores busy.
    maxWorkers: 2,
    // Milliseconds. Real git and whole runs of the command line on a busy machine with two cores.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
