import { describe, expect, it } from 'vitest';
import { notYet } from '../../src/assembly/not-yet.ts';
import { defaultGatewayFile, loadGatewayFile } from '../../src/config/gateway-file.ts';

const refusals = (text: string): readonly string[] => {
  const read = loadGatewayFile(text, { file: 'gateway.yaml', env: { SECRET: 'a-secret-of-some-length' } });
  if (read.kind === 'problems') throw new Error(JSON.stringify(read.problems));
  return notYet(read.file);
};

describe('what is configured and not done', () => {
  it.each([
    ['users: [{ name: ann, password: "${SECRET}", role: reader }]', /users:.*protect nothing.*expected tokens/],
    ['tokens: [{ name: t, token: "${SECRET}", role: ci }]', /token "t" has the role ci.*expected admin.*unmasker/],
    ['tokens: [{ name: t, token: "${SECRET}", role: reader }]', /role reader/],
    ['tokens: [{ name: t, token: "${SECRET}", role: releaser }]', /role releaser/],
    ['tokens: [{ name: t, token: "${SECRET}", role: admin, spaces: [blue] }]', /some spaces.*expected no spaces/],
    ['tokens: [{ name: t, token: "${SECRET}", role: unmasker, services: [shop] }]', /some services.*expected no services/],
  ])('is refused with the reason: %s', (text, expected) => {
    const [line, ...more] = refusals(text);
    expect(line).toMatch(expected);
    expect(line).not.toContain('a-secret');
    expect(more).toEqual([]);
  });

  it('is nothing of what is done', () => {
    expect(refusals('durability: process\ntokens: [{ name: a, token: "${SECRET}", role: admin }, { name: u, token: "${SECRET}", role: unmasker, expires: 2030-01-01 }]')).toEqual([]);
    expect(refusals('webhooks: { twilio: { url: "http://shop.internal.test/hook", secret: "${SECRET}" } }')).toEqual([]);
    expect(refusals('retention: { days: 7, quotas: [{ service: load, captures: 100 }] }')).toEqual([]);
    expect(notYet(defaultGatewayFile)).toEqual([]);
  });

  it('is told all at once', () => {
    expect(refusals('users: [{ name: ann, password: "${SECRET}", role: admin }]\ntokens: [{ name: t, token: "${SECRET}", role: ci, spaces: [blue], services: [shop] }]')).toHaveLength(4);
  });
});
