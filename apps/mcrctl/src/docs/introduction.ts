/** The part of docs/cli.md that concerns all commands. */
export const introduction = `# mcrctl

Command-line administration for the MCR registry. This page is generated from the commands by \`node apps/mcrctl/src/docs/write.ts\`.

## First steps

\`\`\`sh
mcrctl login --server https://localhost:8443 --ca-cert srv/tls/ca.crt --username admin < srv/initial-admin-password
mcrctl status
mcrctl repo list
\`\`\`

\`mcrctl login\` prompts for what is missing; the password is not shown while it is typed, and is read from a pipe where there is
no terminal. It remembers the registry, its CA and the token, so that later commands need no flags.

\`mcrctl logout\` revokes the token and forgets it. If the registry cannot be reached, it still forgets the token, and fails: the
token stays valid until it expires.

## Settings

The first of these that has a value takes precedence: flag, environment, profile, default. \`mcrctl config\` shows the values in effect and
where each comes from.

| setting | flag | environment | in the profile | default |
|---|---|---|---|---|
| login | \`--context\` | \`MCR_CONTEXT\` | | the last one, or that of \`context use\` |
| REST address | \`--server\` | \`MCR_SERVER\` | yes: that of the last login | none |
| gRPC address | \`--grpc\` | \`MCR_GRPC\` | if given to login | port 9443 of the same host |
| CA | \`--ca-cert\` | \`MCR_CA_CERT\` | if given to login | the authorities of Node and of the system |
| token | \`--token\` | \`MCR_TOKEN\` | yes | none |
| time for one request | \`--timeout\` | | | 30s |
| color | \`--no-color\` | \`NO_COLOR\`, \`TERM=dumb\` | | on a terminal |

A token in \`--token\` can be seen by other users of the machine and stays in the history of the shell; prefer \`mcrctl login\`, or
\`MCR_TOKEN\` in CI.

Every login has a name, by which \`--context\` uses it: the host of the registry, or what \`mcrctl login --context NAME\` says.
\`mcrctl context list\` shows them, \`mcrctl context use NAME\` changes over. So several accounts of one registry, and several
registries, are at hand. Logins of earlier versions are there, too.

Profiles are files, one for each login, in \`$XDG_CONFIG_HOME/mcrctl/profiles\` (\`~/.config/mcrctl/profiles\` where that is
not set), readable by their owner only; one that others can read is rejected. A token in a profile goes to that registry and to
its gRPC address, and to no other server: mcrctl follows no redirect.

## Which API

Commands speak the [Connect protocol](https://connectrpc.com/docs/protocol) over HTTP/2 to \`server.grpc_addr\` of mcr.toml
(\`--grpc\`). \`login\`, \`logout\`, \`status\`, \`repo\`, \`audit\`, \`gc\` and \`gc status\` need only REST (\`--server\`), so that a
registry without a gRPC address can be run; for the counts, \`status\` asks by Connect as well. Both speak TLS 1.3 and are verified
with the same CA.

## Output

Data goes to stdout, messages to stderr; \`--quiet\` suppresses all messages but errors. At a terminal what takes long shows its
progress on one line of stderr.

- At a terminal: aligned tables that fit its width, sizes and times in human words. Where there is no room, some columns are left
  out, and long names end in \`…\`; times, event types and addresses stay whole. \`-o wide\` shows all columns, whole.
- In a pipe: no heading, a tab between fields, whole digests, sizes in bytes, times in RFC 3339.
- With \`--json\`: one JSON object, or one object a line for a list. Every field that a command lists below is always present; one
  without a value is null. Later releases may add fields, and keep the others. \`-o json\` is \`--json\` with every field.
- With \`-o yaml\`: the same fields, one mapping, or a sequence for a list.
- With \`-o name\`: only what other commands take, one a line: \`team/app:1.0\`, \`team/app@sha256:…\`, \`alice\`.
- With \`-o wide\` in a pipe: more columns, behind the others or among them.

\`--json\` takes field names from the next word: \`mcrctl tag list team/app --json name,digest\`. If another word
follows, write \`--json=name\`, or write \`--json\` last to get every field. On \`policy create\` and \`policy update\` the value may
also be a rule itself, which begins with \`{\` or \`[\`: \`--json '{"effect":"deny","priority":5}'\`. The output then is JSON with
every field.

Of a digest the first six or more characters are enough, as tables print them: \`mcrctl manifest get team/app@9f1c2ab40012\`.

Destructive commands ask for confirmation by typing the name; \`--yes\` skips that. Without a terminal and without \`--yes\`
nothing is destroyed.

## Exit codes

`;

/** The part between the exit codes and the commands. */
export const errorForms = `
An error says what was tried, what went wrong, and what to do:

\`\`\`
error: cannot connect to https://localhost:8443: its certificate is signed by an unknown authority
hint: pass the file of its CA with --ca-cert or MCR_CA_CERT
\`\`\`

With \`--json\` and \`-o yaml\` it is an object on stderr: \`{"error":{"message":"…","hint":"…","exit_code":1}}\`; \`hint\` may be null.

## Completion

\`mcrctl completion bash\`, \`zsh\` or \`fish\` prints a script for the shell. It completes commands, options and their values,
fields behind \`--json\`, and the names of contexts, repositories, tags, accounts and rules, for which it asks the server and waits at most
two seconds.

`;
