// Written by `npm run tables`. Do not edit.
import type { LoginFailures } from '../../facets/logins.ts';
import { SqliteFacet } from '../facet.ts';
import { countLoginFailure, findLoginFailures, forgetLoginFailures } from './login-failures.ts';

/** {@link LoginFailures} in SQLite. */
export class SqliteLoginFailures extends SqliteFacet implements LoginFailures {
  readonly find = this.operation(findLoginFailures);
  readonly count = this.operation(countLoginFailure);
  readonly forget = this.operation(forgetLoginFailures);
}
