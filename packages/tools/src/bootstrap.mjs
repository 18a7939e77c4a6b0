// Installs the dependencies when they changed since the last install. Plain old JavaScript, since the pinned Node is one
// of the things it installs: npm puts node_modules/.bin first in PATH, so whatever runs after this runs on that one.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.mcr-installed');
const pnpmVersion = readJson(join(root, 'package.json')).packageManager.split('@')[1];

const nodeMajor = Number(process.versions.node.split('.')[0]);
const stamp = fingerprint();
if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
  install();
  requireNode();
  writeFileSync(stampFile, stamp);
}

/** One hash over everything that decides what is installed: the lockfile, the workspace file and each package.json. */
function fingerprint() {
  const folders = ['apps', 'packages'].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(group, name)),
  );
  const manifests = ['.', ...folders].map((folder) => join(folder, 'package.json'));
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests]) {
    const path = join(root, file);
    if (existsSync(path)) hash.update(`${file}\n`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

function install() {
  if (nodeMajor < 18)
    fail(`Node ${process.versions.node} is too old for pnpm`, 'Install Node 18 or newer with its npm.');
  const args = ['install', '--frozen-lockfile', '--config.confirm-modules-purge=false'];
  const [command, ...first] = pnpmIsHere() ? [join(modules, '.bin', 'pnpm')] : ['npx', '--yes', `pnpm@${pnpmVersion}`];
  // Without a network, npm's own two retries would keep the message below back for more than a minute.
  const env = { npm_config_fetch_retries: '1', ...process.env };
  const { status, error } = spawnSync(command, [...first, ...args], { cwd: root, env, stdio: 'inherit' });
  if (status === 0) return;
  fail(
    error ? `Cannot run ${command}: ${error.message}` : `Cannot install the dependencies (see above)`,
    'The first run fetches pnpm, Node and the libraries from the npm registry.',
    'Check the network or the proxy (`npm ping` must succeed), then run the same command again.',
  );
}

/** The pnpm of an earlier install serves again, which spares npx its question to the registry. */
function pnpmIsHere() {
  const manifest = join(modules, 'pnpm', 'package.json');
  return existsSync(manifest) && readJson(manifest).version === pnpmVersion;
}

/** There is a pinned Node for Linux (glibc) and macOS; elsewhere the one that runs this must be new enough. */
function requireNode() {
  const pinned = join(modules, '.bin', 'node');
  if (existsSync(pinned) && spawnSync(pinned, ['--version']).status === 0) return;
  if (!existsSync(pinned) && nodeMajor >= 24) return;
  fail(
    `The pinned Node does not run on this machine (${process.platform} ${process.arch})`,
    'Use Linux with glibc or macOS; on another system, install Node 24 or newer first.',
  );
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function fail(...lines) {
  console.error(`\n${lines.join('\n')}`);
  process.exit(1);
}
