import { invalid, notFound } from '../errors.ts';
import { created, listPage, pageParams } from '../list.ts';
import { nested } from '../nested.ts';
import type { StripeObject } from '../object.ts';
import { indexed, ok, operation } from '../operation.ts';
import type { Family } from '../operation.ts';
import { flag, integer, mergeMetadata, metadata, oneOf, required, text } from '../params.ts';
import type { Work } from '../work.ts';
import { linksOf, makeLink } from './file-link.ts';

/** What an upload may be for. https://docs.stripe.com/file-upload#uploading-a-file */
const purposes = [
  'account_requirement', 'additional_verification', 'business_icon', 'business_logo', 'customer_signature', 'dispute_evidence', 'identity_document', 'issuing_regulatory_reporting', 'pci_document',
  'platform_terms_of_service', 'tax_document_user_upload', 'terminal_android_apk', 'terminal_reader_splashscreen', 'terminal_wifi_certificate', 'terminal_wifi_private_key',
];
/** what only Stripe itself makes, and lists may ask for */
const made = ['document_provider_identity_document', 'finance_report_run', 'financial_account_statement', 'identity_document_downloadable', 'selfie', 'sigma_scheduled_query'];

async function pathFile(work: Work): Promise<StripeObject> {
  const file = await work.find('file', work.ids[0]!);
  if (file === null) throw notFound('file', work.ids[0]!, 'file');
  return file;
}

/** 'pdf' of 'evidence.PDF', as Stripe tells what a file is. */
function typeOf(filename: string): string | null {
  const ending = /\.([0-9A-Za-z]{1,8})$/.exec(filename)?.[1]?.toLowerCase();
  return ending === undefined ? null : ending === 'jpeg' ? 'jpg' : ending;
}

/** An upload's name, size and type are kept, never its bytes: the `url` it shows is Stripe's, and nothing is there. */
export const files: Family = {
  kind: 'file',
  prefix: 'file_',
  index: (file) => indexed({ purpose: file['purpose'] }),
  includes: { links: (file, work) => linksOf(work, file.id) },
  operations: {
    'files.create': operation({
      file: required(text), purpose: required(oneOf(...purposes)), file_link_data: nested({ create: flag, expires_at: integer({ min: 1 }), metadata }),
    }, async (given, work) => {
      const upload = work.uploads.find(({ name }) => name === 'file');
      if (upload === undefined) throw invalid('Invalid file: send its content as multipart/form-data.', { param: 'file' });
      if (upload.bytes.length === 0) throw invalid('The file you uploaded is empty.', { param: 'file' });
      const id = work.id('file_1', 23);
      const file: StripeObject = {
        id, object: 'file', created: work.now, expires_at: null, filename: upload.filename === '' ? null : upload.filename, purpose: given.purpose, size: upload.bytes.length,
        title: null, type: typeOf(upload.filename), url: `https://files.stripe.com/v1/files/${id}/contents`,
      };
      work.save(file);
      const link = given.file_link_data?.create === true ? makeLink(work, id, given.file_link_data.expires_at ?? null, mergeMetadata({}, given.file_link_data.metadata)) : null;
      return ok({ ...file, links: { object: 'list', data: link === null ? [] : [link], has_more: false, url: `/v1/file_links?file=${id}` } });
    }),
    'files.retrieve': operation({}, async (_, work) => {
      const file = await pathFile(work);
      return ok({ ...file, links: await linksOf(work, file.id) });
    }),
    'files.list': operation({ ...pageParams, created, purpose: oneOf(...purposes, ...made) }, async (given, work) => {
      const page = await listPage(work, { kind: 'file', noun: 'file', url: '/v1/files', page: given, keep: given.created ?? undefined, where: { purpose: given.purpose } });
      return ok({ ...page, data: await Promise.all((page['data'] as readonly StripeObject[]).map(async (file) => ({ ...file, links: await linksOf(work, file.id) }))) });
    }),
  },
};
