import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect } from 'vitest';
import { gracePeriod } from '../gc/_registry.ts';
import type { Model } from './model.ts';
import {
  collectGarbage,
  headBlob,
  isRefused,
  mountBlob,
  type Operation,
  pushBlob,
  pushImage,
  removeBlob,
  removeImage,
  removeRepository,
  removeTag,
  removeTags,
} from './operations.ts';
import type { Real } from './real.ts';
import { images, repositories, tags, texts } from './universe.ts';
import { viewOfModel, viewOfReal } from './view.ts';

/** What the registry may hold: more than one thing after a crash, until something tells which. */
export interface Expected {
  models: readonly Model[];
}

type Command = fc.AsyncCommand<Expected, Real>;

/** Any sequence of commands. */
export function anyCommands(maxCommands: number): fc.Arbitrary<Iterable<Command>> {
  const repository = fc.constantFrom(...repositories);
  const text = fc.constantFrom(...texts);
  const tag = fc.constantFrom(...tags);
  const image = fc.constantFrom(...images);
  const operation = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(repository, text, fc.boolean()).map((args) => pushBlob(...args)) },
    { weight: 1, arbitrary: fc.tuple(repository, text).map((args) => headBlob(...args)) },
    { weight: 2, arbitrary: fc.tuple(repository, text, repository).map((args) => mountBlob(...args)) },
    {
      weight: 5,
      arbitrary: fc.tuple(repository, image, fc.option(tag, { nil: undefined })).map((args) => pushImage(...args)),
    },
    { weight: 2, arbitrary: fc.tuple(repository, image).map((args) => removeImage(...args)) },
    { weight: 1, arbitrary: fc.tuple(repository, tag).map((args) => removeTag(...args)) },
    { weight: 1, arbitrary: fc.tuple(repository, fc.boolean()).map((args) => removeTags(...args)) },
    { weight: 1, arbitrary: repository.map(removeRepository) },
    { weight: 1, arbitrary: fc.tuple(repository, text).map((args) => removeBlob(...args)) },
    { weight: 3, arbitrary: fc.boolean().map(collectGarbage) },
  );
  const performed = operation.map(perform);
  const interrupted = fc.tuple(operation, callsUntilDeath).map((args) => crashDuring(...args));
  const passed = fc.constantFrom(0.3, 0.6, 1.1).map(passTime);
  // Each is as likely as any other, so some are there more than once.
  const kinds = [performed, performed, performed, performed, interrupted, interrupted, interrupted, passed];
  return fc.commands([...kinds, fc.constant(restart())], { maxCommands, size: 'max' });
}

/** Most operations make few calls; a collection makes many. */
const callsUntilDeath = fc.oneof(fc.nat(5), fc.nat(25));

function perform({ text, predict, act }: Operation): Command {
  return command(text, async (expected, real) => {
    const now = real.clock.now();
    const refused = await isRefused(act(real.registry));
    const agreeing = expected.models.filter((model) => (predict(model, now) === undefined) === refused);
    expect(agreeing.length, refused ? 'it is refused' : 'it is accepted').toBeGreaterThan(0);
    expected.models = agreeing.map((model) => predict(model, now) ?? model);
  });
}

/** The process dies after so many calls to its stores: the operation has happened as a whole, or it has not. */
function crashDuring({ text, predict, act }: Operation, calls: number): Command {
  return command(`${text} (dies after ${calls} calls)`, async (expected, real) => {
    const now = real.clock.now();
    real.registry.steps.crashAfter(calls);
    const answered = await isRefused(act(real.registry)).then(
      () => true,
      () => false,
    );
    await real.reopen();
    const after = expected.models.map((model) => predict(model, now) ?? model);
    expected.models = answered ? after : [...expected.models, ...after];
  });
}

function passTime(gracePeriods: number): Command {
  return command(`wait ${gracePeriods} grace periods`, async (_expected, real) => {
    real.clock.advance(gracePeriods * gracePeriod);
  });
}

function restart(): Command {
  return command('restart', (_expected, real) => real.reopen());
}

/** A command after which the registry must show what one of the models shows. */
function command(text: string, run: (expected: Expected, real: Real) => Promise<void>): Command {
  return {
    check: () => true,
    async run(expected, real) {
      await run(expected, real);
      const now = real.clock.now();
      const seen = await viewOfReal(real);
      expect(expected.models.map((model) => viewOfModel(model, now))).toContainEqual(seen);
      expected.models = expected.models.filter((model) => isDeepStrictEqual(viewOfModel(model, now), seen));
    },
    toString: () => text,
  };
}
