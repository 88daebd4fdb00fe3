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
    // Milliseconds. Real git and whole runs of the command line on a busy machine with two cores.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
