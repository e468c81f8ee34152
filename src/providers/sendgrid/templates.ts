import type { HttpResponse } from '../../model/exchange.ts';
import type { Remembered, Simulation, SimulationContext } from '../../model/provider.ts';
import type { Email } from '../../model/side-effect.ts';
import { asObject } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import type { JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { createOutputBudget } from '../wire/output-budget.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { badBody, notFound } from './error.ts';
import { change, get, item, objectOf, patch, plainTime, queried, removal, taken, textIn, withStored } from './stored.ts';

const path = '/v3/templates';
const kind = 'templates';
const settable = ['name', 'subject', 'html_content', 'plain_content', 'active', 'generate_plain_content', 'editor', 'test_data'];

interface Version { readonly id: string; readonly active: number; readonly subject?: string; readonly html_content?: string; readonly plain_content?: string }
interface Template { readonly id: string; readonly name: string; readonly generation: string; readonly versions: readonly Version[] }

/** Stored templates and their versions: they reach nobody until a mail names one. https://www.twilio.com/docs/sendgrid/api-reference/transactional-templates */
export const templateRoutes: readonly JsonRoute[] = [
  get(path, 'templates.list', async (call) => {
    const generations = (queried(call, 'generations') ?? 'legacy').split(',');
    const all = (await call.context.list(kind, { limit: 500 })).items.map(({ value }) => value as Template).filter(({ generation = 'legacy' }) => generations.includes(generation));
    return jsonReply(200, { result: all, templates: all, _metadata: { count: all.length } });
  }),
  item(path, kind),
  {
    method: 'POST', path: new RegExp(`^${path}$`), operation: 'templates.create', effects: change('templates.create', ['name', 'generation']),
    answer: async (call) => {
      const generation = textIn(call, 'generation') ?? 'legacy';
      if ((textIn(call, 'name') ?? '') === '') return { reply: badBody('name is required', 'name') };
      if (!['legacy', 'dynamic'].includes(generation)) return { reply: badBody('generation must be legacy or dynamic', 'generation') };
      return created(call, { name: textIn(call, 'name')!, generation, versions: [] });
    },
  },
  {
    method: 'POST', path: new RegExp(`^${path}/([\\w-]+)$`), operation: 'templates.duplicate', effects: change('templates.duplicate', ['name']),
    answer: (call) => withStored(call, kind, call.ids[0] ?? '', ({ value }) => {
      const { name, generation, versions } = value as Template;
      return created(call, { name: textIn(call, 'name') ?? `Duplicate: ${name}`, generation, versions: versions.map((each) => ({ ...each, id: call.context.uuid() })) });
    }),
  },
  patch(path, kind, ['name'], ({ context }) => ({ updated_at: plainTime(context.now) })),
  removal(path, kind),
  {
    method: 'POST', path: new RegExp(`^${path}/([\\w-]+)/versions$`), operation: 'templates.versions.create', effects: change('templates.versions.create', settable),
    answer: (call) => withStored(call, kind, call.ids[0] ?? '', (known) => {
      const version = {
        active: 1, html_content: '', plain_content: '', generate_plain_content: true, subject: '', editor: 'code', test_data: '', ...taken(objectOf(call), settable),
        id: call.context.uuid(), template_id: known.id, updated_at: plainTime(call.context.now), thumbnail_url: '',
      } as Version;
      return versioned(call, known, [...(known.value as Template).versions, version], version.id, 201);
    }),
  },
  get(`${path}/([\\w-]+)/versions/([\\w-]+)`, 'templates.versions.get', async ({ ids: [id = '', wanted], context }) => {
    const version = ((await context.recall(kind, id))?.value as Template | null | undefined)?.versions.find((each) => each.id === wanted);
    return version === undefined ? notFound() : jsonReply(200, version);
  }),
  {
    method: 'PATCH', path: new RegExp(`^${path}/([\\w-]+)/versions/([\\w-]+)$`), operation: 'templates.versions.update', effects: change('templates.versions.update', settable),
    answer: (call) => onVersion(call, (known, version, others) => versioned(call, known, [...others, { ...version, ...taken(objectOf(call), settable) } as Version], version.id, 200)),
  },
  {
    method: 'POST', path: new RegExp(`^${path}/([\\w-]+)/versions/([\\w-]+)/activate$`), operation: 'templates.versions.activate', effects: change('templates.versions.activate'),
    answer: (call) => onVersion(call, (known, version, others) => versioned(call, known, [...others, { ...version, active: 1 }], version.id, 200)),
  },
  {
    method: 'DELETE', path: new RegExp(`^${path}/([\\w-]+)/versions/([\\w-]+)$`), operation: 'templates.versions.delete', effects: change('templates.versions.delete'),
    answer: (call) => onVersion(call, (known, _version, others) => ({
      reply: emptyReply(204), remember: [{ kind, id: known.id, expectVersion: known.version, value: { ...known.value as Template, versions: others } }],
    })),
  },
];

function created({ context }: JsonCallInContext, template: Omit<Template, 'id'>): Simulation<HttpResponse> {
  const id = template.generation === 'dynamic' ? context.id('d-', { length: 32, alphabet: 'hex' }) : context.uuid();
  const value = { id, ...template, versions: template.versions.map((version) => ({ ...version, template_id: id })), updated_at: plainTime(context.now) };
  return { reply: jsonReply(201, value), remember: [{ kind, id, expectVersion: 0, value }] };
}

/** One version is active at a time. */
function versioned({ context }: JsonCallInContext, { id, version: expectVersion, value }: Remembered, versions: readonly Version[], told: string, status: number): Simulation<HttpResponse> {
  const isActive = versions.find((each) => each.id === told)?.active === 1;
  const all = versions.map((each) => (isActive && each.id !== told ? { ...each, active: 0 } : each));
  return {
    reply: jsonReply(status, all.find((each) => each.id === told)),
    remember: [{ kind, id, expectVersion, value: { ...value as Template, versions: all, updated_at: plainTime(context.now) } }],
  };
}

function onVersion(call: JsonCallInContext, answer: (known: Remembered, version: Version, others: readonly Version[]) => Simulation<HttpResponse>): Promise<Simulation<HttpResponse>> {
  return withStored(call, kind, call.ids[0] ?? '', (known) => {
    const { versions } = known.value as Template;
    const version = versions.find(({ id }) => id === call.ids[1]);
    return version === undefined ? { reply: notFound() } : answer(known, version, versions.filter((each) => each !== version));
  });
}

/**
 * What mails say that name a stored template, as far as its handlebars are plain names: `{{order.id}}` and `{{{order.id}}}`. Anything else
 * of them stays as it is written.
 */
export async function fromTemplate(mails: readonly Email[], recall: SimulationContext['recall']): Promise<readonly Email[]> {
  const budget = createOutputBudget();
  const known = new Map<string, Version | undefined>();
  for (const id of new Set(mails.flatMap(({ template }) => template?.id ?? []))) {
    known.set(id, ((await recall(kind, id))?.value as Template | null | undefined)?.versions.find(({ active }) => active === 1));
  }
  return mails.map((mail) => {
    const version = mail.template === null ? undefined : known.get(mail.template.id);
    if (version === undefined) return mail;
    const tags = [...namesIn(asObject(mail.template?.data as JsonValue | undefined), '')].flatMap(([name, text]) => [[`{{{${name}}}}`, text], [`{{${name}}}`, text]] as const);
    const rendered = (text: string | undefined): string | null => (text === undefined || text === '' ? null : budget.render(text, tags));
    return { ...mail, subject: rendered(version.subject) ?? mail.subject, text: rendered(version.plain_content) ?? mail.text, html: rendered(version.html_content) ?? mail.html };
  });
}

/** Every text and number of the data by its dotted name. */
function* namesIn(data: JsonObject | null, before: string): Generator<readonly [name: string, text: string]> {
  for (const [name, value] of Object.entries(data ?? {})) {
    if (typeof value === 'string' || typeof value === 'number') yield [`${before}${name}`, String(value)];
    else yield* namesIn(asObject(value), `${before}${name}.`);
  }
}
