import type { HttpRequest } from '../../model/exchange.ts';
import type { GatewayFault } from '../../model/gateway.ts';
import { content } from './content.ts';
import { parseForm } from './form.ts';
import { parseJson } from './json.ts';
import { mediaType } from './media-type.ts';

/**
 * Why a body is not what its own headers say it is; null when it is, or when they say nothing that can be checked.
 * A call nobody can read is refused before any rule is asked: whatever a rule allows, it allows for what was understood.
 */
export function unreadableBody(request: HttpRequest): GatewayFault | null {
  if (request.body.length === 0) return null;
  const read = content(request);
  if (read.kind === 'unreadable') return fault(read.why);
  const type = mediaType(request.headers)?.type ?? '';
  if (type === 'application/json' || type.endsWith('+json')) {
    const json = parseJson(read.bytes);
    return json.kind === 'unreadable' ? fault(json.why) : null;
  }
  if (type === 'application/x-www-form-urlencoded') {
    const form = parseForm(read.bytes);
    return form.kind === 'unreadable' ? fault(form.why) : null;
  }
  return null;
}

function fault(why: string): GatewayFault {
  return { check: 'unreadable', status: 400, reason: `the body cannot be read as what its headers say it is: ${why}` };
}
