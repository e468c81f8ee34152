import type { SideEffect } from '../../model/side-effect.ts';
import { asObject } from './json.ts';
import type { JsonValue } from './json.ts';

const most = { keys: 20, length: 100 } as const;
/** A screen to open or a kind of message would join what has nothing to do with one another. */
const identifier = /(?:^|[_.-])(?:id|uuid|ref|reference|number|key)$|[a-z](?:Id|ID|Uuid|Ref|Reference|Number|Key)$|^(?:order|invoice|booking|ticket|fourthwall_run)$/;

/** Of what the application attached to a push for itself the identifiers, as business keys: short texts and numbers of its top level. */
export function dataKeys(data: JsonValue | undefined): SideEffect['keys'] {
  return Object.entries(asObject(data) ?? {})
    .flatMap(([name, value]) => typeof value === 'string' || typeof value === 'number' ? [{ name, value: String(value) }] : [])
    .filter(({ name, value }) => identifier.test(name) && value !== '' && name.length <= most.length && value.length <= most.length)
    .slice(0, most.keys);
}
