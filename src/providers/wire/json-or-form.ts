import type { HttpRequest } from '../../model/exchange.ts';
import { formBody, isBodiless, jsonBody } from './body.ts';
import { formTree, parseQuery } from './form.ts';
import type { CallContent } from './json-api.ts';
import { mediaType } from './media-type.ts';
import { unreadable } from './unread.ts';
import type { Unread } from './unread.ts';

/** For vendors whose JSON API takes a nested form (`notes[key]=v`) just as well. All values of a form are texts. */
export function jsonOrForm(request: HttpRequest): CallContent | Unread {
  const query = parseQuery(request.query);
  if (query.kind === 'unreadable') return query;
  const bodiless = isBodiless(request);
  if (request.method === 'GET') return bodiless ? { kind: 'content', body: null, query: query.fields } : unreadable('a GET carries a body');
  if (request.query !== null && request.query !== '') return unreadable(`a ${request.method} carries parameters in its query`);
  if (bodiless) return { kind: 'content', body: null, query: [] };
  if (mediaType(request.headers)?.type === 'application/x-www-form-urlencoded') {
    const form = formBody(request);
    if (form.kind === 'unreadable') return form;
    // anything else under this content type (JSON, say) would come out as one field of a strange name
    if (form.fields.some(([name]) => !/^[A-Za-z_][A-Za-z0-9_]*(?:\[|$)/.test(name))) return unreadable('a form field has a name that is none');
    const tree = formTree(form.fields);
    return tree.kind === 'unreadable' ? tree : { kind: 'content', body: tree.value, query: [] };
  }
  const json = jsonBody(request);
  if (json.kind === 'unreadable') return json;
  return json.value === null ? unreadable('the body is null') : { kind: 'content', body: json.value, query: [] };
}
