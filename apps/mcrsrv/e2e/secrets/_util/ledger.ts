import { randomInt } from 'node:crypto';
import { formsOf } from './forms.ts';

/** A secret in a place where it must not stand. */
export interface Leak {
  readonly place: string;
  readonly secret: string;
  readonly form: string;
}

/** Secrets by what they are, and everything that was written down while they were used. */
export class Ledger {
  readonly #secrets = new Map<string, string>();
  readonly #written: { readonly place: string; readonly bytes: Buffer }[] = [];

  /** A secret to be looked for; returns it. */
  secret(name: string, value: string): string {
    this.#secrets.set(name, value);
    return value;
  }

  /** A new password with every kind of character that encodings change. */
  password(name: string): string {
    return this.secret(name, `${random()}/+ ö"%&${random()}`);
  }

  /** A token; of a JWT the signature, since the rest says who and when. */
  token(name: string, token: string): string {
    this.secret(name, token.split('.').at(-1) ?? token);
    return token;
  }

  wrote(place: string, content: string | Uint8Array): void {
    this.#written.push({ place, bytes: Buffer.from(content) });
  }

  /** Places that were filled, each once. */
  get places(): readonly string[] {
    return [...new Set(this.#written.map(({ place }) => place))];
  }

  /** Every secret that stands somewhere, in whatever form. */
  leaks(): Leak[] {
    const forms = [...this.#secrets].map(([secret, value]) => ({ secret, forms: [...formsOf(value)] }));
    return this.#written.flatMap(({ place, bytes }) =>
      forms.flatMap(({ secret, forms: all }) =>
        all.flatMap(([form, text]) => (bytes.includes(text) ? [{ place, secret, form }] : [])),
      ),
    );
  }
}

/** No hexadecimal digit among them: files are full of digests. */
const letters = 'ghijkmnopqrstuvwxyzGHJKLMNPQRSTUVWXYZ';

function random(): string {
  return Array.from({ length: 12 }, () => letters[randomInt(letters.length)]).join('');
}
