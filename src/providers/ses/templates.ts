import type { Shape } from '../wire/aws-shape.ts';
import { unreadable } from '../wire/unread.ts';
import { pathId } from './call.ts';
import { silent } from './mails.ts';
import { fault, result } from './operation.ts';
import type { Answered, Answering, Fault, Operation } from './operation.ts';
import { inner, text } from './parts.ts';
import { noInput } from './shapes.ts';
import { readData, tagsIn, valueAt } from './template.ts';

/** A template as it is remembered, for both APIs. */
interface Stored { readonly name: string; readonly subject: string | null; readonly text: string | null; readonly html: string | null; readonly created: number }

const v1Template: Shape = { fields: { Template: { fields: { TemplateName: 'text', SubjectPart: 'text', TextPart: 'text', HtmlPart: 'text' } } } };
const v2Content: Shape = { fields: { Subject: 'text', Text: 'text', Html: 'text' } };
const list = '/v2/email/templates';
const one = new RegExp(`^${list}/${pathId}$`);

export const templates: readonly Operation[] = [
  changing('CreateTemplate', 'v1', {}, v1Template, create),
  changing('UpdateTemplate', 'v1', {}, v1Template, (call) => known(call, (stored, version) => kept(call, stored.created, version))),
  changing('DeleteTemplate', 'v1', {}, { fields: { TemplateName: 'text' } }, remove),
  {
    name: 'GetTemplate', api: 'v1', shape: { fields: { TemplateName: 'text' } },
    answer: (call) => known(call, (stored) => result({ Template: { TemplateName: stored.name, SubjectPart: stored.subject, TextPart: stored.text, HtmlPart: stored.html } })),
  },
  {
    name: 'ListTemplates', api: 'v1', shape: { fields: { NextToken: 'text', MaxItems: 'text' } },
    answer: async (call) => result({ TemplatesMetadata: (await all(call)).map(({ name, created }) => ({ Name: name, CreatedTimestamp: new Date(created).toISOString() })) }),
  },
  { name: 'TestRenderTemplate', api: 'v1', shape: { fields: { TemplateName: 'text', TemplateData: 'text' } }, answer: render },
  changing('CreateEmailTemplate', 'v2', { method: 'POST', path: new RegExp(`^${list}$`) }, { fields: { TemplateName: 'text', TemplateContent: v2Content, Tags: 'any' } }, create),
  changing('UpdateEmailTemplate', 'v2', { method: 'PUT', path: one }, { fields: { TemplateContent: v2Content } }, (call) => known(call, (stored, version) => kept(call, stored.created, version))),
  changing('DeleteEmailTemplate', 'v2', { method: 'DELETE', path: one }, noInput, remove),
  {
    name: 'GetEmailTemplate', api: 'v2', method: 'GET', path: one, shape: noInput,
    answer: (call) => known(call, (stored) => result({ TemplateName: stored.name, TemplateContent: { Subject: stored.subject, Text: stored.text, Html: stored.html } })),
  },
  {
    name: 'ListEmailTemplates', api: 'v2', method: 'GET', path: new RegExp(`^${list}$`), shape: noInput,
    answer: async (call) => result({ TemplatesMetadata: (await all(call)).map(({ name, created }) => ({ TemplateName: name, CreatedTimestamp: created / 1000 })) }),
  },
  { name: 'TestRenderEmailTemplate', api: 'v2', method: 'POST', path: new RegExp(`^${list}/${pathId}/render$`), shape: { fields: { TemplateData: 'text' } }, answer: render },
];

/** An operation on the account's templates, which reaches nobody: mails of them are sent by name. */
function changing(name: string, api: Operation['api'], route: Pick<Operation, 'method' | 'path'>, shape: Shape, answer: Operation['answer']): Operation {
  return { name, api, ...route, shape, effects: (input, ids) => nameOf({ input, ids }) === '' ? unreadable('it names no template') : silent(name), answer };
}

function nameOf({ input, ids }: Pick<Answering, 'input' | 'ids'>): string {
  return ids[0] ?? text(inner(input, 'Template') ?? input, 'TemplateName') ?? '';
}

async function create(call: Answering): Promise<Answered> {
  const before = await call.context.recall('template', nameOf(call));
  if (before === null) return kept(call, call.context.now, 0);
  const message = `Template ${nameOf(call)} already exists`;
  return call.operation.api === 'v1' ? fault(400, 'AlreadyExists', message) : fault(400, 'AlreadyExistsException', message);
}

function kept(call: Answering, created: number, version: number): Answered {
  const content = inner(call.input, 'Template') ?? inner(call.input, 'TemplateContent');
  const [subject, plain, html] = (call.operation.api === 'v1' ? ['SubjectPart', 'TextPart', 'HtmlPart'] : ['Subject', 'Text', 'Html']).map((name) => text(content, name));
  const value: Stored = { name: nameOf(call), subject: subject ?? null, text: plain ?? null, html: html ?? null, created };
  return result({}, { remember: [{ kind: 'template', id: value.name, expectVersion: version, value }] });
}

/** Deleting one that is not there succeeds in v1. */
async function remove(call: Answering): Promise<Answered> {
  const before = await call.context.recall('template', nameOf(call));
  if (before === null) return call.operation.api === 'v1' ? result({}) : missing(call);
  return result({}, { remember: [{ kind: 'template', id: before.id, expectVersion: before.version, value: null }] });
}

async function known(call: Answering, then: (stored: Stored, version: number) => Answered): Promise<Answered> {
  const before = await call.context.recall('template', nameOf(call));
  return before === null ? missing(call) : then(before.value as Stored, before.version);
}

function missing(call: Answering): Fault {
  const message = `Template ${nameOf(call)} does not exist`;
  return call.operation.api === 'v1' ? fault(400, 'TemplateDoesNotExist', message) : fault(404, 'NotFoundException', message);
}

async function all({ context }: Answering): Promise<readonly Stored[]> {
  return (await context.list('template', { limit: 1000 })).items.map(({ value }) => value as Stored);
}

function render(call: Answering): Promise<Answered> {
  const data = readData(text(call.input, 'TemplateData'));
  return known(call, (stored) => {
    const parts = [stored.subject ?? '', stored.html ?? stored.text ?? ''];
    const values = parts.flatMap((part) => tagsIn(part).map(([tag, path]) => ({ tag, path, value: valueAt(data, path) })));
    const missed = values.find(({ value }) => value === null);
    if (missed !== undefined) return fault(400, call.operation.api === 'v1' ? 'MissingRenderingAttribute' : 'BadRequestException', `Attribute '${missed.path}' is not present in the rendering data.`);
    const [subject, body] = parts.map((part) => values.reduce((done, { tag, value }) => done.replaceAll(tag, () => value ?? ''), part));
    return result({ RenderedTemplate: `Subject: ${subject}\r\n\r\n${body}` });
  });
}
