import type { Part } from '../prepare.ts';
import { auditOf, eventOf, type EventRow, type KeptAudit } from '../rows.ts';
import type { Seal } from '../seal.ts';
import { exchangeColumns, openExchange, openTags } from '../sealed-capture.ts';
import { rememberedOf, type ObjectRow } from '../sealed-objects.ts';
import { openPart, type PartRow } from '../sealed-parts.ts';
import type { TableName } from './tables.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Columns without which a row cannot be opened are among those that are read of it; `owner`: the id of the capture it belongs to. */
type Opening = (seal: Seal, row: never) => object;

const opening: Partial<Readonly<Record<TableName, Opening>>> = {
  captures: (seal, { id, tags, note, summary }: { readonly id: string; readonly tags: string; readonly note: string | null; readonly summary: string }) => ({
    tags: JSON.stringify(openTags(seal, { id, tags })), note: seal.openText(['captures.note', id], note), summary: seal.openText(['captures.summary', id], summary),
  }),
  exchanges: (seal, row: Readonly<Record<typeof exchangeColumns[number], string | null>> & { readonly owner: string }) => openExchange(seal, row.owner, row),
  parts(seal, row: PartRow & { readonly owner: string; readonly role: Part['role'] }) {
    const { filename, contentType, contentId } = openPart(seal, { capture: row.owner, role: row.role }, row);
    return { filename, content_type: contentType, content_id: contentId };
  },
  objects(seal, row: ObjectRow & { readonly provider: string }) {
    const object = rememberedOf(seal, row.provider, row);
    return object === null ? {} : { id: object.id, value: JSON.stringify(object.value) };
  },
  outbox: (seal, { id, url, last_error: error, call }: { readonly id: string; readonly url: string | null; readonly last_error: string | null; readonly call: string }) => ({
    url: seal.openText(['outbox.url', id], url), last_error: seal.openText(['outbox.last_error', id], error), call: seal.openText(['outbox.call', id], call),
  }),
  runs: (seal, { name, claims }: { readonly name: string; readonly claims: string }) => ({ claims: seal.openText(['runs.claims', name], claims) }),
  policies: (seal, { sha256, text }: { readonly sha256: string; readonly text: string }) => ({ text: seal.openText(['policies.text', sha256], text) }),
  events: (seal, row: EventRow) => ({ data: JSON.stringify(eventOf(seal, row).data) }),
  audit(seal, row: KeptAudit) {
    const { subject, data } = auditOf(seal, row);
    return { subject, data: JSON.stringify(data) };
  },
};

/** A row as it was before it was sealed. Throws where it cannot be opened. What is only a keyed hash stays one. */
export function openedRow<R extends Row>(seal: Seal, table: TableName, row: R): R {
  return seal.keyId === null ? row : { ...row, ...opening[table]?.(seal, row as never) };
}
