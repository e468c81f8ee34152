import type { JsonRoute } from '../wire/json-api.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { PlaidFailure } from './errors.ts';
import { newItem, itemOf } from './item.ts';
import { at, operation, some, uuidOf } from './operation.ts';
import type { Work } from './operation.ts';
import type { Environment } from './place.ts';

/** What somebody goes through to connect a bank, or to pay. */
export interface Link {
  /** its link token, under a name that is no secret's: whoever has it has the page already */
  readonly id: string;
  readonly given: JsonObject;
  readonly environment: Environment;
  /** Plaid shows it itself, and leads back here when it is over */
  readonly hosted: { readonly completion: string | null } | null;
  readonly payment: string | null;
  readonly intent: string | null;
  /** the item that is to be repaired, by what it is remembered by */
  readonly update: string | null;
  readonly payer: string | null;
  readonly item: string;
  readonly status: 'open' | 'success' | 'exited';
  readonly createdMs: number;
  readonly finishedMs: number | null;
}

const openMs = 4 * 3600_000;

/** A token is the same every time it is asked for, and is written down nowhere. */
export const publicTokenOf = ({ environment, id }: Pick<Link, 'environment' | 'id'>): string => `public-${environment}-${uuidOf(`public ${id}`)}`;
export const sessionOf = ({ id }: Pick<Link, 'id'>): string => uuidOf(`session ${id}`);

export const linkRoutes: readonly JsonRoute[] = [
  operation({
    path: '/link/token/create', required: ['client_name', 'language', 'country_codes'],
    effect: (body) => ({ object: asString(field(asObject(field(body, 'payment_initiation')), 'payment_id')) ?? asString(field(asObject(field(body, 'transfer')), 'intent_id')), description: asString(field(body, 'client_name')) }),
    run: create,
  }),
  operation({
    path: '/link/token/get', required: ['link_token'],
    run: async ({ ledger, body }) => {
      const link = await ledger.find<Link>('link', asString(field(body, 'link_token')) ?? '');
      if (link === null) throw new PlaidFailure('INVALID_INPUT', 'INVALID_LINK_TOKEN', 'could not find matching link token');
      return show(link);
    },
  }),
];

async function create(work: Work): Promise<JsonObject> {
  const { body } = work;
  const user = asObject(field(body, 'user'));
  const hosted = asObject(field(body, 'hosted_link'));
  const token = `link-${work.environment}-${work.context.uuid()}`;
  const link: Link = {
    id: token, environment: work.environment, given: some(body, ['client_name', 'language', 'country_codes', 'products', 'webhook', 'redirect_uri', 'institution_id']),
    hosted: hosted === null ? null : { completion: asString(field(hosted, 'completion_redirect_uri')) },
    payment: asString(field(asObject(field(body, 'payment_initiation')), 'payment_id')), intent: asString(field(asObject(field(body, 'transfer')), 'intent_id')),
    update: (field(body, 'access_token') ?? null) === null ? null : (await itemOf(work)).key,
    payer: asString(field(user, 'email_address')) ?? asString(field(user, 'client_user_id')), item: work.context.id('', { length: 37 }), status: 'open', createdMs: work.now, finishedMs: null,
  };
  work.ledger.save('link', token, link, { request: work.requestId });
  return { link_token: token, expiration: at(work.now + openMs), ...(hosted === null ? {} : { hosted_link_url: work.context.page('link', token) }) };
}

function show(link: Link): JsonObject {
  const { accounts } = newItem({ id: link.item, webhook: null, products: [] });
  const added = link.status !== 'success' || link.payment !== null || link.update !== null ? [] : [{
    public_token: publicTokenOf(link), accounts: accounts.map(({ id, name, mask, subtype }) => ({ id, name, mask, type: 'depository', subtype, verification_status: null, class_type: null })),
    institution: { name: 'First Platypus Bank', institution_id: asString(field(link.given, 'institution_id')) ?? 'ins_109508' },
  }];
  const sessions = link.finishedMs === null ? [] : [{
    link_session_id: sessionOf(link), started_at: at(link.createdMs), finished_at: at(link.finishedMs),
    on_success: added.length === 0 ? null : { public_token: added[0]!.public_token, metadata: null },
    exit: link.status === 'exited' ? { error: null, metadata: null } : null, events: [],
    results: { item_add_results: added, cra_item_add_results: [], cra_update_results: [], bank_income_results: [], payroll_income_results: [], document_income_results: null },
  }];
  return {
    link_token: link.id, created_at: at(link.createdMs), expiration: at(link.createdMs + openMs), link_sessions: sessions,
    metadata: { initial_products: asArray(field(link.given, 'products')) ?? [], webhook: null, redirect_uri: null, ...some(link.given, ['webhook', 'country_codes', 'language', 'redirect_uri', 'client_name']) },
  };
}

export function isOpen({ status, createdMs }: Link, now: number): boolean {
  return status === 'open' && now < createdMs + openMs;
}
