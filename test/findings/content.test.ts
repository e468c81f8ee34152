import { describe, expect, it } from 'vitest';
import { defaultCorrelate } from '../../src/config/correlate.ts';
import { readContent } from '../../src/findings/content.ts';
import { visibleText } from '../../src/findings/html-text.ts';

const reading = (message: { readonly subject?: string; readonly text?: string; readonly html?: string }) =>
  readContent({ subject: message.subject ?? null, text: message.text ?? null, html: message.html ?? null }, defaultCorrelate);
const ids = (text: string) => reading({ text }).findings.map(({ id }) => id);

describe('what is odd about a message', () => {
  it.each([
    'Hello {{name}}', 'Hello {{ user.name | default: "x" }}', '{{{raw}}}', '{% if x %}', 'Hi <%= @user.name %>!', 'Total ${total}', 'Hi #{name}', 'Dear %%FirstName%%',
    'Hi [[name]]', 'Hi *|FNAME|*', 'Hi {first_name},', 'https://shop.test/reset/${token}', 'https://shop.test/%7B%7Btoken%7D%7D',
  ])('template syntax: %j', (text) => {
    expect(ids(text)).toContain('unrendered-template');
  });

  it.each([
    ['Dear null,', 'null-name'], ['Hi undefined!', 'null-name'], ['Hallo None,', 'null-name'], ['Sehr geehrte Frau null null,', 'null-name'], ['Hello (null),', 'null-name'],
    ['Dear ,', 'empty-salutation'], ['Dear,', 'empty-salutation'], ['Hi ,', 'empty-salutation'], ['Liebe ,', 'empty-salutation'], ['Sehr geehrte/r ,', 'empty-salutation'], ['Hello !', 'empty-salutation'],
    ['Total: NaN', 'null-value'], ['Shipped to [object Object]', 'null-value'], ['Due Invalid Date', 'null-value'], ['Your plan undefined', 'null-value'], ['Amount: null', 'null-value'],
    ['EUR null', 'null-value'], ['https://shop.test/orders/undefined', 'null-value'], ['https://shop.test/?id=null&x=1', 'null-value'],
    ['Lorem ipsum dolor', 'placeholder-text'], ['TODO: ask legal', 'placeholder-text'], ['text\n  FIXME\nmore', 'placeholder-text'], ['Call us: xxx', 'placeholder-text'],
    ['Dear [Your Name],', 'placeholder-text'], ['placeholder text', 'placeholder-text'], ['insert product name here', 'placeholder-text'], ['asdf', 'placeholder-text'], ['bla bla', 'placeholder-text'],
    ['Dear rich bastard,', 'rude-salutation'], ['Hallo du Depp!', 'rude-salutation'],
    ['http://localhost:3000/reset', 'internal-link'], ['see http://10.1.2.3/x', 'internal-link'], ['http://[::1]:8080/', 'internal-link'], ['http://web/x', 'internal-link'],
    ['https://api.shop.internal/', 'internal-link'], ['http://2130706433/', 'internal-link'], ['http://svc.default.svc.cluster.local/', 'internal-link'], ['http://192.168.1.1.', 'internal-link'],
  ])('%j is %s', (text, id) => {
    expect(ids(text)).toContain(id);
  });

  it.each([
    'Dear Ann,\n\nyour order #A-1001 has shipped.\nhttps://shop.example/orders/1001\n\nKind regards\nThe shop',
    'Hi,\n\nhow are you?', 'Hello!', 'Guten Tag,\n', 'Hi Ann!', 'Sehr geehrte Damen und Herren,', 'Dear John Null Smith,', 'Noch null Euro offen', 'This contract is null and void',
    'undefined behaviour is a term of C', 'Naan bread', 'Sizes: XL, XXL', 'Todo lo que necesitas', 'ENVÍO GRATIS EN TODO', 'Use {} in JSON', 'a { color: red }', '50%% off', 'Price 100% <b>now</b>',
    'Dear Mr Dick Scunthorpe,', 'You idiot-proof it', 'https://shop.test/a', 'http://8.8.8.8/', 'https://localhost.example.com/', '$5 {approx}', 'array[0][1]',
  ])('nothing is odd about %j', (text) => {
    expect(ids(text)).toEqual([]);
  });

  it('says where, and shows the line', () => {
    const { findings } = reading({ subject: 'Hi {{name}}', text: 'one\nHi {{name}}, welcome\nthree', html: '<p>Hi {{name}}</p><a href="https://x.test/{{id}}">go</a>' });
    expect(findings).toEqual([
      { id: 'unrendered-template', title: 'Template syntax was not replaced', where: 'subject', excerpt: 'Hi {{name}}' },
      { id: 'unrendered-template', title: 'Template syntax was not replaced', where: 'text', excerpt: 'Hi {{name}}, welcome' },
      { id: 'unrendered-template', title: 'Template syntax was not replaced', where: 'html', excerpt: 'Hi {{name}}' },
      { id: 'unrendered-template', title: 'Template syntax was not replaced', where: 'link', excerpt: 'https://x.test/{{id}}' },
    ]);
  });

  it('keeps excerpts at 120 characters', () => {
    for (const { excerpt } of reading({ text: `${'a '.repeat(500)}{{name}}${' b'.repeat(500)}` }).findings) expect(excerpt.length).toBeLessThanOrEqual(120);
  });

  it('does not take styles and scripts for words', () => {
    expect(reading({ html: '<style>a{b:c}@media x{a{b:c}}</style><script>var x = `${undefined}`; // TODO: x</script><!-- {{hidden}} --><p>Hello Ann,</p>' }).findings).toEqual([]);
  });
});

describe('reading a message', () => {
  it('finds codes, links and keys in subject, text and HTML alike', () => {
    expect(reading({ subject: 'Order #A-1001', text: 'Your code is 123456', html: '<p>Bestellung <b>4711</b></p><a href="https://shop.test/x">x</a>' })).toMatchObject({
      codes: ['123456'], links: ['https://shop.test/x'], keys: [{ name: 'order', value: 'A-1001' }, { name: 'order', value: '4711' }], whole: true,
    });
  });

  it('looks at the beginning of a part that is very long, and says so', () => {
    expect(reading({ text: `Order #1 ${'x y '.repeat(200_000)} Order #2` })).toMatchObject({ whole: false, keys: [{ name: 'order', value: '1' }] });
  });

  it('is quick on text made to be slow', () => {
    const started = performance.now();
    for (const part of ['<script ', '<', '<!--', '<a href="', '{{', '${', '&#', 'Dear ', '\n\n', ' ', '[[', '%%a', 'http://', '*|', 'order ', 'TODO', 'xx ', '(', '<p>']) {
      const text = part.repeat(Math.floor(200_000 / part.length));
      reading({ text, html: text });
    }
    expect(performance.now() - started).toBeLessThan(15_000);
  }, 60_000);
});

describe('the visible text of HTML', () => {
  it.each([
    ['<p>a</p><p>b<br>c</p>', 'a\n\nb\nc'],
    ['a&nbsp;&amp;&#32;&#x62;&copy;', 'a & b&copy;'],
    ['<title>t</title><head><title>x</title></head>body', 'body'],
    ['2 < 3 and <% x %>', '2 < 3 and <% x %>'],
    ['<script>alert(1)', ''],
    ['a&lt;b&gt;', 'a<b>'],
  ])('of %j is %j', (html, expected) => {
    expect(visibleText(html)).toBe(expected);
  });
});
