// Written by `npm run tables`. Do not edit.
import type { LoginFailures } from '../../facets/logins.ts';
import { PostgresFacet } from '../facet.ts';
import { countLoginFailure, findLoginFailures, forgetLoginFailures } from './login-failures.ts';

/** {@link LoginFailures} in PostgreSQL. */
export class PostgresLoginFailures extends PostgresFacet implements LoginFailures {
  readonly find = this.operation(findLoginFailures);
  readonly count = this.operation(countLoginFailure);
  readonly forget = this.operation(forgetLoginFailures);
}
