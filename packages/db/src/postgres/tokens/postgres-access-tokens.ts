// Written by `npm run tables`. Do not edit.
import type { AccessTokens } from '../../facets/tokens.ts';
import { PostgresFacet } from '../facet.ts';
import { noteTokenUses, revokeAccessToken, rotateToken } from './change-token.ts';
import { createToken } from './create-token.ts';
import { countTokens, findTokenById, findTokenBySecret, listTokens } from './find-token.ts';
import { findTokenOwner, putTokenOwner } from './token-owners.ts';

/** {@link AccessTokens} in PostgreSQL. */
export class PostgresAccessTokens extends PostgresFacet implements AccessTokens {
  readonly create = this.operation(createToken);
  readonly findById = this.operation(findTokenById);
  readonly findBySecret = this.operation(findTokenBySecret);
  readonly list = this.operation(listTokens);
  readonly rotate = this.operation(rotateToken);
  readonly revoke = this.operation(revokeAccessToken);
  readonly noteUses = this.operation(noteTokenUses);
  readonly findOwner = this.operation(findTokenOwner);
  readonly putOwner = this.operation(putTokenOwner);
  readonly count = this.operation(countTokens);
}
