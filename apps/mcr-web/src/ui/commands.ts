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

/** How to get a reference such as `registry.example.com/team/app:1.0`; artifacts are not for container engines. */
export function pullCommands(reference: string, isImage: boolean): readonly PullCommand[] {
  const skopeo = `skopeo copy docker://${reference} oci:${isImage ? 'image' : 'artifact'}`;
  if (!isImage) {
    return [
      ['oras', `oras pull ${reference}`],
      ['skopeo', skopeo],
      ['Reference', reference],
    ];
  }
  return [
    ['docker', `docker pull ${reference}`],
    ['podman', `podman pull ${reference}`],
    ['Kubernetes', `image: ${reference}`],
    ['Dockerfile', `FROM ${reference}`],
    ['skopeo', skopeo],
    ['Reference', reference],
  ];
}
