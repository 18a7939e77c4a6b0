import { expect, test } from 'vitest';
import { buildSteps } from './build-steps.ts';
import { readManifest } from './read-manifest.ts';

const bytes = (value: unknown) => new Uint8Array(Buffer.from(JSON.stringify(value)));
const layer = (digest: string) => ({ digest, mediaType: 'tar', size: 1 });

/** Steps as text: the number of the layer, and the command. */
function stepsOf(layers: readonly string[], history: unknown): readonly string[] {
  const facts = readManifest({ content: bytes({ layers: layers.map(layer) }), config: bytes({ history }) });
  return buildSteps(facts).map(({ number = '-', command }) => `${number} ${command}`);
}

test('steps that created no layer stand between those that did', () => {
  const history = [{ created_by: 'ADD' }, { created_by: 'ENV A=1', empty_layer: true }, { created_by: 'RUN' }];
  expect(stepsOf(['a', 'b'], history)).toEqual(['1 ADD', '- ENV A=1', '2 RUN']);
});

test.each([
  ['none', undefined],
  ['one that names fewer layers', [{ created_by: 'ADD' }]],
  ['one that names more layers', [{ created_by: 'ADD' }, { created_by: 'RUN' }, { created_by: 'COPY' }]],
])('without a history that fits (%s), layers are listed by what they are', (_name, history) => {
  expect(stepsOf(['a', 'b'], history)).toEqual(['1 tar', '2 tar']);
});
