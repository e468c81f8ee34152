import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

const titles: Readonly<Record<number, string>> = { 400: 'Bad Request', 401: 'Unauthorized Request', 403: 'Forbidden', 404: 'Not Found', 409: 'Conflict', 410: 'Gone', 422: 'Unprocessable Entity' };

/** A call that Mollie would refuse without having changed anything. Thrown by whatever finds it, caught once, in operation.ts. */
export class MollieFailure extends Error {
  override readonly name = 'MollieFailure';
  readonly status: number;
  readonly field: string | null;
  constructor(status: number, detail: string, field: string | null = null) {
    super(detail);
    this.status = status;
    this.field = field;
  }
}

/** https://docs.mollie.com/reference/handling-errors */
export function errorReply(status: number, detail: string, field: string | null = null): HttpResponse {
  return { ...jsonReply(status, {
    status, title: titles[status] ?? 'Error', detail, ...(field === null ? {} : { field }),
    _links: { documentation: { href: 'https://docs.mollie.com/reference/handling-errors', type: 'text/html' } },
  }), headers: [['Content-Type', 'application/hal+json']] };
}

export function unprocessable(detail: string, field: string | null = null): MollieFailure {
  return new MollieFailure(422, detail, field);
}

export function noSuch(what: string, id: string): MollieFailure {
  return new MollieFailure(404, `No ${what} exists with token ${id}.`);
}
