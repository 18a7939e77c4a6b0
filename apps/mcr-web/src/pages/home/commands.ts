/** Commands to copy, and their purpose. */
export interface CommandBlock {
  readonly title: string;
  readonly text: string;
  readonly commands: readonly string[];
}

/** How each client logs in, pushes and pulls, with the name of this registry. */
export function commandBlocks(name: string): readonly CommandBlock[] {
  const image = `${name}/team/app:1.0`;
  return [
    {
      title: 'Podman',
      text: 'Log in once, then push an image that you built, and pull it anywhere.',
      commands: [`podman login ${name}`, `podman tag app:1.0 ${image}`, `podman push ${image}`, `podman pull ${image}`],
    },
    {
      title: 'Docker',
      text: 'The same with Docker.',
      commands: [`docker login ${name}`, `docker tag app:1.0 ${image}`, `docker push ${image}`, `docker pull ${image}`],
    },
    {
      title: 'Skopeo',
      text: 'Copies an image with all its platforms from another registry; no container engine is needed.',
      commands: [
        `skopeo login ${name}`,
        `skopeo copy --all docker://docker.io/library/alpine:3 docker://${name}/mirror/alpine:3`,
        `skopeo list-tags docker://${name}/mirror/alpine`,
      ],
    },
    {
      title: 'Certificate',
      text: "For clients that do not trust the certificate: a private authority signed the registry's certificate. Ask the operator for the file of the authority, ca.crt, and put it where the clients look.",
      commands: [
        `sudo install -D -m 644 ca.crt /etc/containers/certs.d/${name}/ca.crt   # podman, skopeo, buildah`,
        `sudo install -D -m 644 ca.crt /etc/docker/certs.d/${name}/ca.crt       # docker`,
      ],
    },
  ];
}
