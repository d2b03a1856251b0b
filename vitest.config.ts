import { defineConfig, type ViteUserConfig } from 'vitest/config';

// Forks, because the tests start worker threads of their own; the slow suite has a config of its own.
const config: ViteUserConfig = defineConfig({
  test: {
    pool: 'forks',
    include: ['test/**/*.test.ts'],
    exclude: ['test/slow/**', 'test/browser/**'],
    testTimeout: 30_000,
    teardownTimeout: 10_000,
  },
});

export default config;
