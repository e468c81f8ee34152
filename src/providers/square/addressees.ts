import type { Addressee } from '../../model/recipient.ts';
import type { JsonObject } from '../wire/json.ts';
import { strangers } from '../wire/strangers.ts';
import { trimmed } from '../wire/trim.ts';
import { leaves, unknownTexts } from '../wire/unknown-fields.ts';

/** Words of the caller's own, and ids: an address in them reaches nobody. */
const words = [/(?:^|\/)(?:note|reason|reference_id|name|variation_name|statement_description_identifier|idempotency_key|source_id|[a-z_]+_id|ticket_name|metadata(?:\/.*)?)$/s];

/** Whoever could get a receipt or a mail: every field named *email* or *phone* at any depth, and who else is named in fields that Square is not known to have. */
export function addresseesOf(body: JsonObject): readonly Addressee[] {
  const found = new Map<string, Addressee>();
  for (const { path, text } of leaves(body, '')) {
    const names = path.split('/').filter((name) => !/^[0-9]*$/.test(name));
    const name = names.at(-1) ?? '';
    const kind = /e-?mail/i.test(name) ? 'email' : /phone/i.test(name) ? 'phone' : null;
    const address = trimmed(text);
    // a field's name comes as a leaf of its own
    if (kind === null || address === '' || text === name || names.includes('metadata')) continue;
    const one: Addressee = { address, kind, role: roleOf(names) };
    found.set(`${one.role} ${one.address}`, one);
  }
  const known = [...found.values()];
  return [...known, ...strangers(unknownTexts(body, words), known)];
}

function roleOf(names: readonly string[]): string {
  if (names.at(-1)!.startsWith('buyer_')) return 'receipt';
  return names.includes('recipient') ? 'recipient' : names.length > 1 ? names.at(-2)! : 'customer';
}
