import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { FormField } from '../wire/form.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { accountSid } from './account-sid.ts';
import { notFound, restError } from './error.ts';
import { metaPage } from './page.ts';
import { one } from './route.ts';
import type { Call, Route } from './route.ts';
import { silent } from './silent.ts';
import { iso, wholeSecond } from './time.ts';

/** What an application sets up at Twilio and reads again. None of it reaches anybody. */
interface Configured {
  readonly product: string;
  readonly path: string;
  readonly operation: string;
  readonly kind: string;
  readonly prefix: string;
  readonly key: string;
  /** every field that can be set, as the resource starts out */
  readonly defaults: Readonly<Record<string, unknown>>;
}

const services: readonly Configured[] = [
  {
    // https://www.twilio.com/docs/messaging/api/service-resource
    product: 'messaging', path: '/v1/Services', operation: 'messaging.services', kind: 'messaging_service', prefix: 'MG', key: 'services',
    defaults: {
      friendly_name: null, inbound_request_url: null, inbound_method: 'POST', fallback_url: null, fallback_method: 'POST', status_callback: null, sticky_sender: true,
      mms_converter: true, smart_encoding: true, scan_message_content: 'inherit', fallback_to_long_code: true, area_code_geomatch: true, synchronous_validation: false,
      validity_period: 36_000, usecase: 'undeclared', us_app_to_person_registered: false, use_inbound_webhook_on_number: false,
    },
  },
  {
    // https://www.twilio.com/docs/verify/api/service
    product: 'verify', path: '/v2/Services', operation: 'verify.services', kind: 'verify_service', prefix: 'VA', key: 'services',
    defaults: {
      friendly_name: null, code_length: 6, lookup_enabled: false, psd2_enabled: false, skip_sms_to_landlines: false, dtmf_input_required: true, tts_name: null,
      do_not_share_warning_enabled: false, custom_code_enabled: false, default_template_sid: null, verify_event_subscription_enabled: false,
      push: null, totp: null, whatsapp: null, passkeys: null,
    },
  },
];

export const configuredRoutes: readonly Route[] = services.flatMap(routesOf);

function routesOf(configured: Configured): readonly Route[] {
  const { product, operation, kind, prefix } = configured;
  const collection = new RegExp(`^${configured.path}$`);
  const item = new RegExp(`^${configured.path}/(${prefix}[0-9A-Za-z]+)$`);
  return [
    { product, method: 'POST', path: collection, operation: `${operation}.create`, effect: () => silent(`${operation}.create`), answer: (call) => create(configured, call) },
    {
      product, method: 'GET', path: collection, operation: `${operation}.list`,
      answer: async (call) => ({ reply: await metaPage(call, { kind, key: configured.key, where: {}, keep: () => true, show: ({ value }) => value }) }),
    },
    { product, method: 'GET', path: item, operation: `${operation}.fetch`, answer: (call) => withStored(configured, call, (value) => ({ reply: jsonReply(200, value) })) },
    {
      product, method: 'POST', path: item, operation: `${operation}.update`, effect: () => silent(`${operation}.update`),
      answer: (call) => withStored(configured, call, (stored, version) => {
        const value = { ...stored, ...given(call.fields, configured), date_updated: iso(wholeSecond(call.context.now)) };
        return { reply: jsonReply(200, value), remember: [{ kind, id: call.ids[0] ?? '', expectVersion: version, value }] };
      }),
    },
    {
      product, method: 'DELETE', path: item, operation: `${operation}.delete`, effect: () => silent(`${operation}.delete`),
      answer: (call) => withStored(configured, call, (_stored, version) => ({ reply: emptyReply(204), remember: [{ kind, id: call.ids[0] ?? '', expectVersion: version, value: null }] })),
    },
  ];
}

async function create(configured: Configured, call: Call): Promise<Simulation<HttpResponse>> {
  if (one(call.fields, 'FriendlyName') === null) return { reply: restError(400, 20001, 'Missing required parameter FriendlyName in the post body') };
  const sid = call.context.id(configured.prefix, { length: 32, alphabet: 'hex' });
  const now = iso(wholeSecond(call.context.now));
  const value = {
    ...configured.defaults, ...given(call.fields, configured), sid, account_sid: accountSid(call.request), date_created: now, date_updated: now,
    url: `https://${configured.product}.twilio.com${configured.path}/${sid}`, links: {},
  };
  return { reply: jsonReply(201, value), remember: [{ kind: configured.kind, id: sid, expectVersion: 0, value }] };
}

/** 'StickySender=true' is sticky_sender: true; a field the resource has not is left out. */
function given(fields: readonly FormField[], { defaults }: Configured): Readonly<Record<string, unknown>> {
  return Object.fromEntries(fields.flatMap(([name, value]) => {
    const key = name.replaceAll(/(?!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
    if (!Object.hasOwn(defaults, key)) return [];
    const usual = defaults[key];
    return [[key, typeof usual === 'boolean' ? value.toLowerCase() === 'true' : typeof usual === 'number' ? Number(value) : value]];
  }));
}

async function withStored({ kind }: Configured, { ids: [sid = ''], context, request }: Call, answer: (value: object, version: number) => Simulation<HttpResponse>): Promise<Simulation<HttpResponse>> {
  const known = await context.recall(kind, sid);
  return known === null || known.value === null ? { reply: notFound(request.path) } : answer(known.value as object, known.version);
}
