import { expect, test } from 'vitest';
import { nodeVersionProblem } from './node-version.ts';

test.each(['24.18.1', '24.18.2', '24.19.0', '26.3.1', '26.10.0', '27.0.0', '28.1.0', '26.4.0-nightly'])(
  'Node %s may serve',
  (version) => {
    expect(nodeVersionProblem(version)).toBeUndefined();
  },
);

test.each(['18.20.0', '22.23.2', '24.0.0', '24.18.0', '25.9.0', '26.0.0', '26.3.0', '', 'x'])(
  'Node "%s" may not, and the sentence says which may',
  (version) => {
    expect(nodeVersionProblem(version)).toBe(
      `Node ${version} has known security holes; install 24.18.1 or 26.3.1, or a newer release of the same line`,
    );
  },
);

test('accepts the running version', () => {
  expect(nodeVersionProblem(process.versions.node)).toBeUndefined();
});
