import { afterEach, beforeEach, expect } from 'vitest';

const methods = ['debug', 'error', 'info', 'log', 'warn'] as const;
const printed: string[] = [];

// What a test prints nobody reads: code that logs gets a logger passed in, and a test that means it replaces the method.
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
