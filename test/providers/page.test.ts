import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { httpProviders, mailProvider } from '../../src/providers/index.ts';
import { providersText } from '../support/providers-page.ts';

const page = new URL('../../docs/providers.md', import.meta.url);
const [begin, end] = ['<!-- written by npm run docs -->', '<!-- end -->'];

/** `npm run docs` writes the page: FOURTHWALL_WRITE_PROVIDERS=1. */
it('docs/providers.md says what the providers say of themselves', () => {
  const text = readFileSync(page, 'utf8');
  const now = `${text.slice(0, text.indexOf(begin) + begin.length)}\n${providersText([mailProvider, ...httpProviders])}\n${text.slice(text.indexOf(end))}`;
  if (process.env['FOURTHWALL_WRITE_PROVIDERS'] !== undefined) writeFileSync(page, now);
  else if (text !== now) expect.fail('docs/providers.md is not what src/providers says any more. Write it anew: npm run docs (FOURTHWALL_WRITE_PROVIDERS=1 npx vitest run test/providers/page.test.ts)');
});
