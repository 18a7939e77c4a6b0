import { randomUUID } from 'node:crypto';
import type { Account } from '@mcr/core';
import type { AccountStore } from '../local-provider.ts';
import { hashPassword } from '../password.ts';

/** Properties of a test account; the others have defaults. */
export interface TestAccount extends Partial<Omit<Account, 'passwordHash'>> {
  readonly username: string;
  readonly password: string;
}

/** An account store in memory, with a version number like that of the database. */
export class MemoryAccounts implements AccountStore {
  readonly #accounts = new Map<string, Account>();
  readonly #revoked = new Set<string>();
  #version = 0;

  /** Adds an account and returns it as stored. */
  async add({ password, ...account }: TestAccount): Promise<Account> {
    const passwordHash = await hashPassword(password);
    return this.#put({
      id: randomUUID(),
      type: 'human',
      roles: ['user'],
      enabled: true,
      createdAt: 0,
      updatedAt: 0,
      ...account,
      passwordHash,
    });
  }

  change(account: Account, patch: Partial<Account>): void {
    this.#put({ ...account, ...patch });
  }

  remove({ id }: Account): void {
    this.#version += 1;
    this.#accounts.delete(id);
  }

  /** Increases with every change to accounts. */
  async version(): Promise<number> {
    return this.#version;
  }

  async findByName(username: string): Promise<Account | undefined> {
    return [...this.#accounts.values()].find((account) => account.username === username);
  }

  async findById(id: string): Promise<Account | undefined> {
    return this.#accounts.get(id);
  }

  async revokeToken({ tokenId }: { tokenId: string }): Promise<void> {
    this.#revoked.add(tokenId);
  }

  async isTokenRevoked(tokenId: string): Promise<boolean> {
    return this.#revoked.has(tokenId);
  }

  #put(account: Account): Account {
    this.#version += 1;
    this.#accounts.set(account.id, account);
    return account;
  }
}
