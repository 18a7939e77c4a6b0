import { join } from 'node:path';
import { startRegistry, type TestRegistry } from '@mcr/testkit';
import { type Outcome, runMcrctl, type Surroundings, words } from './run-mcrctl.ts';

/** A user who runs mcrctl commands one by one, with their own profiles, against their own registry. */
export interface Operator extends AsyncDisposable {
  readonly registry: TestRegistry;
  readonly env: Readonly<Record<string, string>>;
  /** Runs a line such as `repo list --search 'a b'`. */
  readonly run: (line: string, surroundings?: Surroundings) => Promise<Outcome>;
  /** Logs in as the admin. */
  login(): Promise<Outcome>;
  /** The session so far as a user would have seen it, with placeholders for what differs between runs. */
  transcript(): string;
}

/** Starts a registry with an operator who has not logged in yet. */
export async function startOperator(env: Readonly<Record<string, string>> = {}): Promise<Operator> {
  const registry = await startRegistry({ env });
  const home = { XDG_CONFIG_HOME: join(registry.directory, 'config'), HOME: registry.directory, NO_COLOR: '1' };
  const seen: string[] = [];
  const run: Operator['run'] = async (line, surroundings) => {
    const outcome = await runMcrctl(words(line), { env: home, ...surroundings });
    seen.push(
      `$ mcrctl ${line}\n${outcome.stdout}${mark(outcome.stderr)}${outcome.exitCode === 0 ? '' : `exit code ${outcome.exitCode}\n`}`,
    );
    return outcome;
  };
  return {
    registry,
    env: home,
    run,
    login: () =>
      run(
        `login --server ${registry.baseUrl} --grpc ${registry.grpcUrl} --ca-cert ${registry.caPath} --username admin`,
        {
          input: registry.adminPassword,
        },
      ),
    transcript: () => seen.map((entry) => withoutAccidents(entry, registry)).join('\n'),
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
}

/** Overwritten lines are not visible. */
function mark(stderr: string): string {
  const seen = stderr.split('\n').map((line) => line.split('\r\u001B[K').at(-1));
  return seen.join('\n').replaceAll(/^(?=.)/gm, '2> ');
}

function withoutAccidents(text: string, registry: TestRegistry): string {
  return text
    .replaceAll(registry.directory, 'DIR')
    .replaceAll(registry.baseUrl, 'https://registry')
    .replaceAll(registry.grpcUrl, 'https://registry-grpc')
    .replaceAll(new URL(registry.baseUrl).host.replace(':', '_'), 'registry')
    .replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'UUID')
    .replaceAll(/sha(256|512):[0-9a-f]{64,128}/g, 'sha$1:DIGEST')
    .replaceAll(/\b[0-9a-f]{12}\b/g, 'SHORTDIGEST')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.-]+Z/g, 'TIME')
    .replaceAll(/just now|\d+ minutes? ago/g, 'AGO');
}
