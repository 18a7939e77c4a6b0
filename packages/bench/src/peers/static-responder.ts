import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scales } from '../scale.ts';
import { manifestBytes } from './bare-node.ts';
import { commandPeer, type Place } from './command-peer.ts';
import type { Peer } from './peer.ts';

const blobSizes = [4_096, ...Object.values(scales).map(({ largeBlob }) => largeBlob)];

/**
 * nginx, which serves from memory and from sparse files. It accepts every push and discards it, and responds to pulls with as many
 * bytes as the name of the repository says.
 */
export const staticResponder: Peer = commandPeer({
  name: 'static responder',
  conditions:
    'No registry: it sends the same response to every request, which shows what the load generator is able to do',
  executable: 'nginx',
  versionArguments: ['-v'],
  readyPath: '/v2/',
  async configure(place) {
    const file = join(place.directory, '..', 'nginx.conf');
    await writeFile(file, nginxConfiguration(place));
    for (const size of blobSizes) {
      await writeFile(join(place.directory, String(size)), '');
      await truncate(join(place.directory, String(size)), size);
    }
    return ['-c', file, '-p', place.directory, '-e', 'stderr'];
  },
});

function nginxConfiguration({ directory, host, port, certificate, key }: Place): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off;
master_process off;
pid ${directory}/pid;
events { worker_connections 1024; }
http {
  ${temporary.map((name) => `${name}_temp_path ${directory}/${name};`).join('\n  ')}
  access_log off;
  client_max_body_size 0;
  keepalive_requests 1000000000;
  server {
    listen ${host}:${port} ssl;
    ssl_protocols TLSv1.3;
    ssl_certificate ${certificate};
    ssl_certificate_key ${key};
    root ${directory};
    location = /v2/ { return 200; }
    location ~ /blobs/uploads/ {
      add_header Location /v2/bench/static/blobs/uploads/one always;
      if ($request_method = PUT) { return 201; }
      return 202;
    }
    location ~ /manifests/ {
      if ($request_method = PUT) { return 201; }
      default_type application/vnd.oci.image.manifest.v1+json;
      return 200 '${'x'.repeat(manifestBytes)}';
    }
    location ~ ^/v2/bench/blobs-(\\d+)/blobs/ { try_files /$1 =404; }
  }
}
`;
}
