import { defineConfig, type ViteUserConfig } from 'vitest/config';

// The long ones, one file at a time.
const config: ViteUserConfig = defineConfig({
  test: {
    pool: 'forks',
    fileParallelism: false,
    include: ['test/slow/**/*.test.ts'],
    testTimeout: 600_000,
  },
});

export default config;
