import { html } from 'hono/html';
import { clip } from '../../ui/bounded.ts';
import { badge } from '../../ui/fragments.ts';
import type { Fragment } from '../../ui/page.ts';

/** Words of names whose values are secrets, such as `STRIPE_API_KEY`. */
const secretName =
  /SECRET|TOKEN|PASSW|PASSPHRASE|PASS$|_PW$|^PW$|PWD$|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|SIGNING_?KEY|ENCRYPTION_?KEY|AUTH|_KEY$|^KEY$|SALT|DSN$|CONN(ECTION)?_?STR/i;
/** Names that end in such a word, and hold none. */
const harmlessName =
  /^(PWD|OLDPWD|GPG_KEYS?|PYTHON_GPG_KEY|SSH_AUTH_SOCK)$|PUBLIC_?KEY|_FILE$|_PATH$|_DIR$|_URI$|AUTHOR/i;
/** Values that are secrets whatever their name is: keys of well-known services, JWTs, passwords in URLs. */
const secretValue =
  /-----BEGIN|:\/\/[^/\s:@]*:[^/\s@]+@|\bgh[pousr]_\w{20}|\bgithub_pat_|\bglpat-|\bAKIA[0-9A-Z]{12}|\bxox[abprs]-|\b[srp]k_(?:live|test)_|\bsk-\w{16}|\bAIza[\w-]{20}|(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8}|\bmcr_pat_|\bnpm_\w{20}/;
/** An assignment within the text of a command. It begins where a word does, or a long word would be tried from each letter. */
const assignment = /(?<![A-Za-z0-9_])([A-Za-z_][A-Za-z0-9_]*)=("(?:[^"\\]|\\.)*"|'[^']*'|[^\s;&|]+)/g;

const harmlessValue = /^(?:|true|false|yes|no|none|null|\d{1,5}|\$\{?\w+\}?)$/i;

/** Whether a variable holds what should not be on a screen. */
export function looksSecret(name: string, value: string): boolean {
  if (harmlessValue.test(value)) return false;
  if (secretValue.test(value)) return true;
  return secretName.test(name) && !harmlessName.test(name);
}

/** A variable of the environment; a value that looks like a secret is hidden until asked for, without a script. */
export function variable(text: string): Fragment {
  const at = text.indexOf('=');
  const [name, value] = at === -1 ? ['', text] : [text.slice(0, at), text.slice(at + 1)];
  if (!looksSecret(name, value)) return html`<code>${clip(text)}</code>`;
  return html`<div class="env"><code>${clip(name)}${at === -1 ? '' : '='}${hidden(value)}</code> ${badge('warn', 'Looks like a secret')}</div>`;
}

/** The text of a command, in which assignments that look like secrets are hidden until asked for. */
export function commandText(command: string): Fragment {
  const text = clip(command);
  const parts: Fragment[] = [];
  let end = 0;
  for (const match of text.matchAll(assignment)) {
    const [whole, name = '', value = ''] = match;
    if (!looksSecret(name, value.replaceAll(/^["']|["']$/g, ''))) continue;
    parts.push(html`${text.slice(end, match.index)}${name}=${hidden(value)}`);
    end = match.index + whole.length;
  }
  const rest = text.slice(end);
  return html`${parts}${secretValue.test(rest) ? hidden(rest) : rest}`;
}

function hidden(value: string): Fragment {
  return html`<details class="secret"><summary aria-label="Show the value"><span class="secret__dots">••••••••</span></summary><span>${clip(value)}</span></details>`;
}
