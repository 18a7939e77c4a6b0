import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, get } from 'node:https';
import { join } from 'node:path';
import { tempDirectory } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { createCertificates } from './create-certificates.ts';
