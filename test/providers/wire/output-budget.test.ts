import { expect, test } from 'vitest';
import { createOutputBudget, excessOf } from '../../../src/providers/wire/output-budget.ts';
import type { Email } from '../../../src/model/side-effect.ts';

const MiB = 1024 * 1024;
const ann = { address: 'ann@example.test', kind: 'email', role: 'to' } as const;
function email(more: Partial<Email> = {}): Email {
  return { channel: 'email', provider: 'sendgrid', operation: 'mail.send', liveness: 'test', recipients: [ann], keys: [], from: null, subject: null, text: null, html: null, attachments: [], template: null, ...more };
}

test('a text and files that all messages share count once', () => {
  const html = 'a'.repeat(MiB);
  const attachments = [{ filename: null, contentType: 'a/b', contentId: null, content: Buffer.alloc(9 * MiB) }];
  expect(excessOf(Array.from({ length: 1_000 }, () => email({ html, attachments })))).toBeNull();
});

test.each([
  ['messages', Array.from({ length: 10_001 }, () => email()), 'more than 10000 messages'],
  ['recipients', [email({ recipients: Array.from({ length: 10_001 }, () => ann) })], 'more than 10000 recipients'],
  ['texts of their own', Array.from({ length: 40 }, (_, at) => email({ html: `${at}${'a'.repeat(MiB)}` })), 'more than 32 MiB'],
  ['keys given to each message', Array.from({ length: 40 }, () => email({ keys: [{ name: 'k', value: 'a'.repeat(MiB) }] })), 'more than 32 MiB'],
])('too many %s are told, not cut down', (_, effects, why) => {
  expect(excessOf(effects)).toContain(why);
});

test('tags are replaced one after the other, and no text grows beyond what there may be', () => {
  const { render } = createOutputBudget();
  expect(render('-a- and -b-', [['-a-', '-b-'], ['-b-', '$&']])).toBe('$& and $&');
  expect(render('aaaa', [['', 'x'], ['c', 'y']])).toBe('aaaa');
  expect(render('a'.repeat(100_000), [['a', 'b'.repeat(1_000)]])).toBeNull();
});

test('replacing ends where it has looked through too much', () => {
  const { render } = createOutputBudget();
  const text = 'a'.repeat(MiB);
  expect(render(text, Array.from({ length: 600 }, (_, at) => [`no ${at}`, ''] as const))).toBeNull();
});

test('each rendered text counts, also those that read the same', () => {
  const { render } = createOutputBudget();
  const rendered = Array.from({ length: 40 }, () => render('a'.repeat(MiB), [['a', 'b']]));
  expect(rendered.filter((text) => text !== null)).toHaveLength(32);
});
