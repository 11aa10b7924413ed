import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/say-what-is-skipped.ts'],
    setupFiles: ['test/setup.ts'],
    // More than there are cores: many tests wait for time-outs that are real, or for a browser.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: { include: ['src/**', 'sandbox/**'], reporter: ['text-summary', 'html'] },
  },
})
