// The test run: every test/**/*.test.ts on every core, with room for the slower whole-program ones.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    // Vitest would leave one core idle, which on two is half of the machine.
    maxWorkers: '100%',
    // Files share a worker's modules: no test changes what a module holds, and starting one for each file took 40 % of the run.
    isolate: false,
  },
});
