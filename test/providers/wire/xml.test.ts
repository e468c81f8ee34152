import { describe, expect, it } from 'vitest';
import { parseXml } from '../../../src/providers/wire/xml.ts';

const read = (text: string) => parseXml(Buffer.from(text, 'utf8'));
const why = (text: string): string => {
  const result = read(text);
  return result.kind === 'unreadable' ? result.why : 'read';
};

describe('XML', () => {
  it('is read with its attributes, references and white space undone once', () => {
    expect(read('<?xml version="1.0" encoding="UTF-8"?>\n<a x="1&amp;2" y=\'"\'>\n  <b> t &lt;&#x41;&#66;&amp;amp; </b>\n  <c/><c></c>\n</a>\n')).toEqual({
      kind: 'xml',
      root: {
        name: 'a', attributes: [['x', '1&2'], ['y', '"']], text: '',
        children: [{ name: 'b', attributes: [], children: [], text: ' t <AB&amp; ' }, { name: 'c', attributes: [], children: [], text: '' }, { name: 'c', attributes: [], children: [], text: '' }],
      },
    });
  });

  it.each([
    ['nothing', ''], ['no element', 'hello'], ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'], ['a comment', '<a>x<!-- y --></a>'], ['CDATA', '<a><![CDATA[x]]></a>'],
    ['an instruction', '<a><?php x ?></a>'], ['another encoding', '<?xml version="1.0" encoding="utf-7"?><a/>'], ['a declaration that is not first', ' <?xml version="1.0"?><a/>'], ['two roots', '<a/><a/>'],
    ['text behind the root', '<a/>x'], ['text beside elements', '<a>x<b/></a>'], ['an element not closed', '<a><b></a>'], ['an end too many', '<a/></a>'], ['an end with attributes', '<a></a x="1">'],
    ['an attribute twice', '<a x="1" x="2"/>'], ['an attribute without quotes', '<a x=1/>'], ['an entity of its own', '<a>&b;</a>'], ['a bare ampersand', '<a>x & y</a>'], ['an ampersand in an attribute', '<a x="1&2"/>'],
    ['a NUL', '<a>&#0;</a>'], ['half a pair', '<a>&#xd800;</a>'], ['a number beyond Unicode', '<a>&#x110000;</a>'], ['a raw control character', '<a>\u0001</a>'], ['a prefixed element', '<s:a xmlns:s="x"/>'], ['a byte order mark', '\ufeff<a/>'],
  ])('with %s is not read', (_what, text) => {
    expect(why(text)).not.toBe('read');
  });

  it('is not read deeper or longer than the bounds', () => {
    expect(parseXml(Buffer.from('<a><b><c/></b></a>'), { jsonDepth: 2, jsonKeys: 10 }).kind).toBe('unreadable');
    expect(parseXml(Buffer.from('<a><b/><b/></a>'), { jsonDepth: 5, jsonKeys: 2 }).kind).toBe('unreadable');
    expect(parseXml(Buffer.from('<a><b/><b/></a>'), { jsonDepth: 2, jsonKeys: 3 }).kind).toBe('xml');
  });

  it('takes time in proportion to its length', () => {
    const long = `<a>${'<b x="y">t&amp;</b>'.repeat(30_000)}</a>`;
    const started = performance.now();
    expect(read(long).kind).toBe('xml');
    expect(read(`<a ${'x="'.repeat(30_000)}`).kind).toBe('unreadable');
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
