import type { JsonObject } from '../../wire/json.ts';
import { invalid, noSuch, notFound } from '../errors.ts';
import { created, listPage, pageParams } from '../list.ts';
import type { StripeObject } from '../object.ts';
import { indexed, ok, operation } from '../operation.ts';
import type { Family } from '../operation.ts';
import { flag, integer, mergeMetadata, metadata, required, text } from '../params.ts';
import type { Optional } from '../params.ts';
import type { Work } from '../work.ts';

interface FileLink extends StripeObject {
  readonly expires_at: number | null;
  readonly metadata: JsonObject;
}

/** A link is expired by time alone. */
function shown(link: StripeObject, now: number): StripeObject {
  const until = link['expires_at'];
  return { ...link, expired: typeof until === 'number' && until <= now };
}

/** The ten newest links to a file, as the file itself shows them. */
export function linksOf(work: Work, file: string): Promise<JsonObject> {
  return listed(work, { url: `/v1/file_links?file=${file}`, page: {}, where: { file } });
}

export function makeLink(work: Work, file: string, expires: number | null, data: JsonObject): StripeObject {
  if (expires !== null && expires <= work.now) throw invalid('The expires_at timestamp must be in the future.', { param: 'expires_at' });
  const link: FileLink = {
    id: work.id('link_1', 23), object: 'file_link', created: work.now, expired: false, expires_at: expires, file, livemode: work.livemode, metadata: data,
    url: `https://files.stripe.com/links/${work.id('', 80)}`,
  };
  work.save(link);
  return link;
}

async function listed(work: Work, request: { readonly url: string; readonly page: Parameters<typeof listPage>[1]['page']; readonly where: { readonly file?: string | null | undefined }; readonly keep?: (link: StripeObject) => boolean }): Promise<JsonObject> {
  const page = await listPage(work, { kind: 'file_link', noun: 'file link', ...request });
  return { ...page, data: (page['data'] as readonly StripeObject[]).map((link) => shown(link, work.now)) };
}

async function pathLink(work: Work): Promise<FileLink> {
  const link = await work.find<FileLink>('file_link', work.ids[0]!);
  if (link === null) throw notFound('file link', work.ids[0]!, 'link');
  return link;
}

/** A time, or 'now'. */
const until: Optional<number | 'now'> = (value, name) => (value === 'now' ? 'now' : integer({ min: 1 })(value, name));

export const fileLinks: Family = {
  kind: 'file_link',
  prefix: 'link_',
  index: (link) => indexed({ file: link['file'] }),
  shown,
  operations: {
    'file_links.create': operation({ expires_at: integer({ min: 1 }), file: required(text), metadata }, async (given, work) => {
      if (await work.find('file', given.file) === null) throw noSuch('file', given.file, 'file');
      return ok(makeLink(work, given.file, given.expires_at ?? null, mergeMetadata({}, given.metadata)));
    }),
    'file_links.retrieve': operation({}, async (_, work) => ok(shown(await pathLink(work), work.now))),
    'file_links.update': operation({ expires_at: until, metadata }, async (given, work) => {
      const before = await pathLink(work);
      if (shown(before, work.now)['expired'] === true) throw invalid('This file link has expired and can no longer be updated.');
      const { expires_at: at } = given;
      if (typeof at === 'number' && at <= work.now) throw invalid('The expires_at timestamp must be in the future.', { param: 'expires_at' });
      const after: FileLink = { ...before, expires_at: at === undefined ? before.expires_at : at === 'now' ? work.now : at, metadata: mergeMetadata(before.metadata, given.metadata) };
      work.save(after);
      return ok(shown(after, work.now));
    }),
    'file_links.list': operation({ ...pageParams, created, expired: flag, file: text }, async (given, work) => ok(await listed(work, {
      url: '/v1/file_links', page: given, where: { file: given.file },
      keep: (link) => (given.created?.(link) ?? true) && (typeof given.expired !== 'boolean' || shown(link, work.now)['expired'] === given.expired),
    }))),
  },
};
