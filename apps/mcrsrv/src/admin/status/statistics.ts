import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { operation } from '../operation.ts';

/** What is stored, in numbers. */
export const getStatistics = operation(AdminService.method.getStatistics, ({ store }) => store.statistics());

/** Bytes that would be stored if repositories shared none. */
export const getStorageUsage = operation(AdminService.method.getStorageUsage, async ({ store }) => ({
  referencedBytes: await store.repositories.referencedBytes(),
}));
