import { buildArtifact, buildImage, buildIndex, pushImage } from '@mcr/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPage, requireChromium, signIn, startBrowser } from './_util/browser.ts';
import { layoutFaults } from './_util/layout-faults.ts';
import { type Stack, startStack } from './_util/stack.ts';

const commit = 'deadbeef'.repeat(5);
const longest = 'w'.repeat(128);
const mixed = `release-candidate_${commit}.${'0123456789'.repeat(6)}`.slice(0, 128);
/** One component without a place to break, then many short ones. */
const repository = `${'m'.repeat(90)}/${'team/'.repeat(18)}app`;
const account = 'n'.repeat(64);
const widths = [360, 390, 768, 1440];

describe.skipIf(!requireChromium())('with names of maximum length', () => {
  let stack: Stack;
  let browser: Browser;
  let page: Page;
  let digest = '';

  beforeAll(async () => {
    stack = await startStack();
    digest = await fill(stack);
    browser = await startBrowser();
    page = await newPage(browser, stack);
    await signIn(page, 'admin', stack.registry.adminPassword);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.[Symbol.asyncDispose]();
  });

  test.each([
    ['overview', () => '/'],
    ['list of repositories', () => '/repositories?sort=name'],
    ['tags', () => `/repositories/${repository}`],
    ['manifests', () => `/repositories/${repository}?view=manifests`],
    ['page of a tag', () => `/repositories/${repository}:${longest}`],
    ['page of a manifest', () => `/repositories/${repository}/manifests/${digest}`],
    ['plan of a deletion', () => `/delete-tags/${repository}?tag=${longest}&tag=${commit}&tag=${mixed}`],
    ['deletion of a repository', () => `/delete-repository/${repository}`],
    ['policies', () => `/policies?who=${account}&action=registry%3Apush&repository=${repository}`],
    ['audit log', () => '/audit'],
    ['accounts', () => '/accounts'],
    ['own account', () => '/me'],
    ['storage', () => '/storage'],
  ])('the %s has no overlaps, and does not scroll sideways', async (_name, path) => {
    const response = await page.goto(path());
    expect(response?.status()).toBe(200);
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      expect({ width, faults: await layoutFaults(page) }).toEqual({ width, faults: [] });
    }
  });
});

/** Pushes one index for two platforms under long tags, with an attestation, and makes a rule and an account to match. */
async function fill({ registry }: Stack): Promise<string> {
  const client = registry.client();
  const images = await Promise.all(
    ['amd64', 'arm64'].map((architecture) =>
      buildImage({
        layers: [{ size: 5_000, seed: architecture }],
        platform: { os: 'linux', architecture },
        annotations: { [longest]: longest },
      }),
    ),
  );
  const index = buildIndex(images, { annotations: { [commit]: mixed } });
  for (const tag of [commit, longest, mixed, '1.0']) await pushImage(client, repository, tag, index);
  const signature = buildArtifact({
    artifactType: `application/${'x'.repeat(100)}`,
    content: '{}',
    subject: index.manifest,
  });
  await pushImage(client, repository, signature.manifest.digest, signature);
  await pushImage(client, 'team/app', commit, await buildImage({ layers: [{ size: 1_000, seed: 'app' }] }));
  await registry.addAccount(account);
  return images[0]?.manifest.digest ?? '';
}
