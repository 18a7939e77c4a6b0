import { version } from '@mcr/core';
import { expect, test } from 'vitest';
import { runMcrctl } from './_util/run-mcrctl.ts';

test('--version prints the version of the build and nothing else', async () => {
  expect(await runMcrctl(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
});

test('--help lists the commands and the global options', async () => {
  const { exitCode, stdout, stderr } = await runMcrctl(['--help']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatchInlineSnapshot(`
    "mcrctl <command>

    The operator's command line of the MCR registry

    Commands:
      mcrctl status  Show whether the registry is up and can work, and its version

    Global options:
          --server   URL of the registry, such as https://localhost:8443
                     [MCR_SERVER]                                           [string]
          --ca-cert  PEM file of the authority that signed the registry's
                     certificate [MCR_CA_CERT]                              [string]
          --timeout  Give up after this long: 500ms, 30s, 5m
                                                           [string] [default: "30s"]
          --json     Print JSON                           [boolean] [default: false]
      -h, --help     Show help                                             [boolean]
          --version  Show version number                                   [boolean]

    Exit codes: 0 done, 1 failed, 2 wrong usage, 130 cancelled
    "
  `);
});

test('status --help shows what the command does, with examples', async () => {
  const { exitCode, stdout, stderr } = await runMcrctl(['status', '--help']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatchInlineSnapshot(`
    "mcrctl status

    Show whether the registry is up and can work, and its version

    Global options:
          --server   URL of the registry, such as https://localhost:8443
                     [MCR_SERVER]                                           [string]
          --ca-cert  PEM file of the authority that signed the registry's
                     certificate [MCR_CA_CERT]                              [string]
          --timeout  Give up after this long: 500ms, 30s, 5m
                                                           [string] [default: "30s"]
          --json     Print JSON                           [boolean] [default: false]
      -h, --help     Show help                                             [boolean]
          --version  Show version number                                   [boolean]

    Examples:
      # Ask the registry that npm start runs
      mcrctl status --server https://localhost:8443 --ca-cert srv/tls/ca.crt
      # Ask the registry that MCR_SERVER names, for a script
      mcrctl status --json
    "
  `);
});

test.each([
  ['no command', [], 'A command is missing', 'see mcrctl --help'],
  ['a mistyped command', ['stats'], 'Unknown command; did you mean status?', 'see mcrctl --help'],
  ['an unknown command', ['teleport'], 'Unknown argument: teleport', 'see mcrctl --help'],
  ['an unknown option', ['status', '--frob'], 'Unknown argument: frob', 'see mcrctl status --help'],
  [
    'an option without its value',
    ['status', '--server'],
    'Not enough arguments following: server',
    'see mcrctl status --help',
  ],
  ['a word too many', ['status', 'now'], 'Unknown argument: now', 'see mcrctl status --help'],
])('%s is wrong usage and leads to the help', async (_name, argv, message, hint) => {
  expect(await runMcrctl(argv)).toEqual({ exitCode: 2, stdout: '', stderr: `error: ${message}\nhint: ${hint}\n` });
});
