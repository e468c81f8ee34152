import { describe, expect, it } from 'vitest';
import { inertHtml } from '../../src/control/inert-html.ts';

const nowhere = (): null => null;

describe('captured HTML made ready for its frame', () => {
  it.each([
    ['<link rel="preconnect" href="//x">', '<basefont rel="preconnect" href="//x">'],
    ['<LINK rel=dns-prefetch href=//x>', '<basefont rel=dns-prefetch href=//x>'],
    ['<link/rel=preconnect/href=//x>', '<basefont/rel=preconnect/href=//x>'],
    ['<link\nrel=preconnect>', '<basefont\nrel=preconnect>'],
    ['<meta http-equiv=refresh content=0>', '<basefont http-equiv=refresh content=0>'],
    ['<base href="//x" target=_top>', '<basefont href="//x" target=_top>'],
    ['<svg><link rel=preconnect></svg>', '<svg><basefont rel=preconnect></svg>'],
  ])('takes the meaning from %s', (given, wanted) => {
    expect(inertHtml(given, nowhere)).toBe(`<base target="_blank">${wanted}`);
  });

  it.each(['<linker>', '<metadata>', '<b>link</b>', '<p>&lt;meta ></p>', '<basefont color=red>'])('leaves %s as it is', (given) => {
    expect(inertHtml(given, nowhere)).toBe(`<base target="_blank">${given}`);
  });

  it('keeps the doctype first, so that the mail stays in the mode it was written for', () => {
    expect(inertHtml('\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0">\n<p>', nowhere)).toBe('\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0"><base target="_blank">\n<p>');
  });

  it('rewrites cid: pictures in attributes and styles, decoded as RFC 2392 says', () => {
    const part = (id: string): string | null => id === 'a@b' ? '/part/1' : null;
    expect(inertHtml(`<img src="cid:a@b"><img src='CID:a%40b'><img src=cid:a@b><p style="background:url(cid:a@b)">cid:a@b <img src="cid:zz"> <img src="cid:%zz">`, part))
      .toBe(`<base target="_blank"><img src="/part/1"><img src='/part/1'><img src=/part/1><p style="background:url(/part/1)">cid:a@b <img src="cid:zz"> <img src="cid:%zz">`);
  });
});
