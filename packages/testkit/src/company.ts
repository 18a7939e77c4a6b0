import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { blobOf } from './blobs.ts';
import { githubClaims, startFakeIssuer } from './fake-issuer.ts';
import { buildImage } from './images.ts';
import type { OciClient } from './oci-client/client.ts';
import { pushImage } from './oci-client/push-image.ts';
import type { TestRegistry } from './server/server.ts';

/** A company of three teams, each with a namespace of its name and a person, as tests of whole set-ups have it. */
export const company = { web: 'ann', shop: 'bob', data: 'cleo' } as const;

/** The names of the teams. */
export const teams = Object.keys(company) as (keyof typeof company)[];

/** Pushes an image for each team, `TEAM/app:v1`. */
export async function pushForTeams(client: OciClient): Promise<void> {
  const image = await buildImage({ layers: [{ size: 10 }] });
  for (const team of teams) await pushImage(client, `${team}/app`, 'v1', image);
}

const attempts: Readonly<Record<string, (client: OciClient, name: string) => Promise<{ readonly status: number }>>> = {
  pull: (client, name) => client.getManifest(name, 'v1'),
  push: (client, name) => client.startUpload(name),
  delete: (client, name) => client.deleteBlob(name, blobOf('that is not there').digest),
};

/** What a caller may do with the images of the teams, such as `pull web`: what is not rejected with 403 when it is tried. */
export async function accessOf(client: OciClient): Promise<string[]> {
  const found: string[] = [];
  for (const team of teams) {
    for (const [what, attempt] of Object.entries(attempts)) {
      if ((await attempt(client, `${team}/app`)).status !== 403) found.push(`${what} ${team}`);
    }
  }
  return found;
}

/** A CI service that is like GitHub Actions, whose jobs of `acme/app` log in as `release`. */
export interface Workflow extends AsyncDisposable {
  /** The credentials of a job in a repository of the CI service (default: the one that is trusted). */
  job(repository?: string): Promise<{ readonly username: string; readonly password: string }>;
}

const audience = 'registry.example.com';

/** Starts the CI service, and has the registry trust one of its repositories, as its configuration says. */
export async function addWorkflow(registry: TestRegistry): Promise<Workflow> {
  const issuer = await startFakeIssuer();
  await writeFile(join(registry.directory, 'ci.crt'), issuer.caPem);
  const section = `
[workload.release]
issuer = "${issuer.issuer}"
audience = "${audience}"
conditions = { repository = "acme/app", ref = "refs/heads/main" }
ca_cert = "ci.crt"
`;
  await appendFile(registry.configPath, section);
  await registry.restart();
  return {
    async job(repository = 'acme/app') {
      return { username: 'release', password: await issuer.sign(githubClaims(repository, audience)) };
    },
    [Symbol.asyncDispose]: () => issuer[Symbol.asyncDispose](),
  };
}
