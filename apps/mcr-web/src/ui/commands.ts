/** A command line of mcrctl that can be pasted into a shell. */
export function mcrctl(...words: readonly (string | readonly string[])[]): string {
  return ['mcrctl', ...words.flat().map(quote)].join(' ');
}

/** An option with its value; nothing without a value. */
export function option(name: string, value: string | undefined): readonly string[] {
  if (value === undefined || value === '') return [];
  // A value that begins with a hyphen would be parsed as the next option.
  return value.startsWith('-') ? [`--${name}=${value}`] : [`--${name}`, value];
}

/** Quotes a word for a POSIX shell. */
function quote(word: string): string {
  return /^[\w@%+:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A client and what it is told to get something. */
export type PullCommand = readonly [client: string, command: string];

/** What a client is to get: `registry.example.com/team/app` with a tag or a digest. */
export type Named = { readonly path: string } & ({ readonly tag: string } | { readonly digest: string });

/** How each client that can use content of a kind gets it; artifacts are not for container engines. */
export function pullCommands(named: Named, kind: string): readonly PullCommand[] {
  const reference = 'tag' in named ? `${named.path}:${named.tag}` : `${named.path}@${named.digest}`;
  if (kind === 'image' || kind === 'index') {
    return [
      ['docker', `docker pull ${reference}`],
      ['podman', `podman pull ${reference}`],
      ['containerd', `ctr images pull ${reference}`],
      ['Kubernetes', `image: ${reference}`],
      ['Dockerfile', `FROM ${reference}`],
      ['Reference', reference],
    ];
  }
  const rest: readonly PullCommand[] = [
    ['oras', `oras pull ${reference}`],
    ['skopeo', `skopeo copy docker://${reference} oci:artifact`],
    ['Reference', reference],
  ];
  return kind === 'Helm chart' ? [['helm', helmPull(named)], ...rest] : rest;
}

/** Tags cannot contain the `+` of a version, which helm replaces by `_`: https://helm.sh/docs/topics/registries */
function helmPull(named: Named): string {
  if ('digest' in named) return `helm pull oci://${named.path}@${named.digest}`;
  return `helm pull oci://${named.path} --version ${named.tag.replaceAll('_', '+')}`;
}
