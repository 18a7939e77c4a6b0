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
