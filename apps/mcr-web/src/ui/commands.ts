/** A command line of mcrctl that can be pasted into a shell as it is. */
export function mcrctl(...words: readonly (string | readonly string[])[]): string {
  return ['mcrctl', ...words.flat().map(quote)].join(' ');
}

/** An option with its value; nothing when there is no value. */
export function option(name: string, value: string | undefined): readonly string[] {
  if (value === undefined || value === '') return [];
  // What begins with a hyphen would be taken for the next option.
  return value.startsWith('-') ? [`--${name}=${value}`] : [`--${name}`, value];
}

/** A word as a POSIX shell reads it back, whatever is in it. */
function quote(word: string): string {
  return /^[\w@%+:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A client and what it is told to get something. */
export type PullCommand = readonly [client: string, command: string];

/** How to pull a reference such as `registry.example.com/team/app:1.0`; artifacts are not for container engines. */
export function pullCommands(reference: string, isImage: boolean): readonly PullCommand[] {
  if (!isImage) {
    return [
      ['oras', `oras pull ${reference}`],
      ['skopeo', `skopeo copy docker://${reference} oci:artifact`],
    ];
  }
  return [
    ['docker', `docker pull ${reference}`],
    ['podman', `podman pull ${reference}`],
    ['skopeo', `skopeo copy docker://${reference} oci:image`],
  ];
}
