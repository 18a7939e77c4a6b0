// `node image-root.ts DIR`: fills DIR/root with everything that a container of MCR has: Node and its libraries, the three
// programs, and the user they run as. No shell, no package manager. DIR/data is the empty directory for that user's data.
import { chmodSync, copyFileSync, cpSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundleApp } from '../build/bundle-app.ts';
import { apps, root } from '../paths.ts';
import { identifyBuild } from '../version.ts';
import { librariesOf, packageRecords } from './system-libraries.ts';

/** A user id that no host assigns to a person. */
const user = 10_001;
const files = {
  '/etc/passwd': `root:x:0:0:root:/:/nologin\nmcr:x:${user}:${user}:MCR:/srv/mcr:/nologin\n`,
  '/etc/group': `root:x:0:\nmcr:x:${user}:\n`,
  '/etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
};

const target = process.argv[2];
if (target === undefined) throw new Error('Name the directory to fill');
const put = (path: string): string => {
  mkdirSync(dirname(join(target, 'root', path)), { recursive: true });
  return join(target, 'root', path);
};

const node = realpathSync(process.execPath);
for (const path of librariesOf(node)) copyFileSync(path, put(path));
copyFileSync(node, put('/usr/local/bin/node'));
chmodSync(put('/usr/local/bin/node'), 0o755);

const build = identifyBuild();
for (const app of apps) {
  const directory = put(`/usr/local/lib/mcr/${app}`);
  await bundleApp({ app, directory, build });
  // The bundle's own launcher is a shell script, and there is no shell.
  writeFileSync(join(directory, app), `#!/usr/local/bin/node\nimport('./${app}.mjs');\n`);
  symlinkSync(`../lib/mcr/${app}/${app}`, put(`/usr/local/bin/${app}`));
}

for (const [path, text] of Object.entries(files)) writeFileSync(put(path), text);
for (const path of ['/tmp', '/var/tmp']) {
  mkdirSync(put(path), { recursive: true });
  chmodSync(put(path), 0o1777);
}
mkdirSync(put('/srv'));
mkdirSync(join(target, 'data'));
cpSync(join(root, 'deploy', 'examples'), put('/usr/local/share/doc/mcr/examples'), { recursive: true });

// Scanners learn from these, as in other images without a package manager, which packages the libraries are of.
for (const [name, record] of packageRecords()) writeFileSync(put(`/var/lib/dpkg/status.d/${name}`), record);
