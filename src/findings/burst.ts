import type { Finding } from '../model/capture.ts';

/** More different real people were named by one service in a short time than the policy allows: what a mailshot looks like. */
export function burst({ distinct, over }: { readonly distinct: number; readonly over: boolean }, limit: { readonly recipients: number; readonly perMs: number } | null): readonly Finding[] {
  if (!over || limit === null) return [];
  return [{
    id: 'burst', title: 'A mailshot to many strangers', where: 'recipients',
    excerpt: `at least ${distinct} different real recipients within ${limit.perMs / 1_000} s; ${limit.recipients} are allowed`,
  }];
}
