import { afterEach, beforeEach, expect } from 'vitest';

const methods = ['debug', 'error', 'info', 'log', 'warn'] as const;
const printed: string[] = [];

// Output of tests is not read: pass a logger to code that logs, or replace the method where output is expected.
for (const method of methods) {
  console[method] = (...values: unknown[]) => {
    printed.push(`console.${method}: ${values.map(String).join(' ')}`);
  };
}

beforeEach(() => {
  printed.length = 0;
});

afterEach(() => {
  expect(printed, 'a test prints nothing to the console').toEqual([]);
});
