import { isDeepStrictEqual } from 'node:util';
import { digestOf } from '@mcr/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import {
  collectGarbage,
  headBlob,
  isRejected,
  mountBlob,
  type Operation,
  pushBlob,
  pushImage,
  type Registry,
  removeBlob,
  removeImage,
  removeRepository,
  removeTag,
  removeTags,
  repositoryOf,
} from './operations.ts';
import type { Possible } from './possible.ts';
import { hasBlob } from './repository.ts';
import type { Subject, View } from './subject.ts';

/** The states the registry may have: more than one after a crash, until an observation decides. */
export interface Expected {
  readonly registry: Possible<Registry>;
}

type Command = fc.AsyncCommand<Expected, Subject>;

/** Everything that there is: little, so that operations meet each other. */
const repositories = ['team/app', 'team/other'];
const tags = ['v1', 'v2'];
/** Blobs by their content, images by the blobs that they are made of. */
const contents = ['a', 'b', 'c'];
const images = [['a'], ['a', 'b'], ['b', 'c']];

/** Any sequence of commands. */
export function anyCommands(maxCommands: number): fc.Arbitrary<Iterable<Command>> {
  const repository = fc.constantFrom(...repositories);
  const content = fc.constantFrom(...contents);
  const tag = fc.constantFrom(...tags);
  const image = fc.constantFrom(...images);
  const operation = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(repository, content, fc.boolean()).map((args) => pushBlob(...args)) },
    { weight: 1, arbitrary: fc.tuple(repository, content).map((args) => headBlob(...args)) },
    { weight: 2, arbitrary: fc.tuple(repository, content, repository).map((args) => mountBlob(...args)) },
    {
      weight: 5,
      arbitrary: fc.tuple(repository, image, fc.option(tag, { nil: undefined })).map((args) => pushImage(...args)),
    },
    { weight: 2, arbitrary: fc.tuple(repository, image).map((args) => removeImage(...args)) },
    { weight: 1, arbitrary: fc.tuple(repository, tag).map((args) => removeTag(...args)) },
    { weight: 1, arbitrary: fc.tuple(repository, fc.boolean()).map((args) => removeTags(...args)) },
    { weight: 1, arbitrary: repository.map(removeRepository) },
    { weight: 1, arbitrary: fc.tuple(repository, content).map((args) => removeBlob(...args)) },
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
  return command(text, async ({ registry }, subject) => {
    const wasRejected = await isRejected(act(subject));
    const isAsPredicted = registry.observe((state) => (predict(state, subject) === undefined) === wasRejected);
    expect(isAsPredicted, wasRejected ? 'it is rejected' : 'it is accepted').toBe(true);
    registry.attempt((state) => predict(state, subject) ?? state);
    registry.accepted();
  });
}

/** The process dies after so many calls to its stores: the operation has happened as a whole, or it has not. */
function crashDuring({ text, predict, act }: Operation, calls: number): Command {
  return command(`${text} (dies after ${calls} calls)`, async ({ registry }, subject) => {
    registry.attempt((state) => predict(state, subject) ?? state);
    subject.crashAfter(calls);
    const isCompleted = await isRejected(act(subject)).then(
      () => true,
      () => false,
    );
    await subject.reopen();
    if (isCompleted) registry.accepted();
  });
}

function passTime(gracePeriods: number): Command {
  return command(`wait ${gracePeriods} grace periods`, async (_expected, subject) => {
    subject.advance(gracePeriods * subject.gracePeriod);
  });
}

function restart(): Command {
  return command('restart', (_expected, subject) => subject.reopen());
}

/** A command after which the registry must show what the model shows, in one of the states that it may have. */
function command(text: string, run: (expected: Expected, subject: Subject) => Promise<void>): Command {
  return {
    check: () => true,
    async run(expected, subject) {
      await run(expected, subject);
      const { registry } = expected;
      const seen = await subject.view(repositories, contents);
      const views = registry.states.map((state) => viewOf(state, subject.now()));
      expect(views).toContainEqual(seen);
      registry.observe((state) => isDeepStrictEqual(viewOf(state, subject.now()), seen));
    },
    toString: () => text,
  };
}

/** What clients of the model see. */
function viewOf(registry: Registry, now: number): View {
  return Object.fromEntries(
    repositories.map((name) => {
      const repository = repositoryOf(registry, name);
      return [
        name,
        {
          manifests: [...repository.manifests.keys()].sort(),
          tags: Object.fromEntries(repository.tags),
          blobs: contents.filter((content) => hasBlob(repository, digestOf(content), now)),
        },
      ];
    }),
  );
}
