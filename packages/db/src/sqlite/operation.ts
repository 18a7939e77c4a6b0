import type { MetadataStore } from '../metadata-store.ts';
import type { Connection } from './connection/connection.ts';

/** One operation of the store, to be bound to a connection; binding prepares the statements that it runs often. */
export type Operation<Name extends keyof MetadataStore> = (
  connection: Connection,
) => (
  ...input: Parameters<MetadataStore[Name]>
) => ReturnType<MetadataStore[Name]> | Awaited<ReturnType<MetadataStore[Name]>>;

/** An operation for each method of the store. */
export type Operations = { readonly [Name in keyof MetadataStore]: Operation<Name> };
