import { defineConfig, type ViteUserConfig } from 'vitest/config';

// What needs a Chromium, at CHROMIUM or /usr/bin/chromium; one file at a time, each starts its own.
const config: ViteUserConfig = defineConfig({
  test: {
    pool: 'forks',
    fileParallelism: false,
    include: ['test/browser/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

export default config;
