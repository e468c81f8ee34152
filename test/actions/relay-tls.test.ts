import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardedSocket } from '../../src/actions/dialer.ts';
import { createRelays } from '../../src/actions/relay.ts';
import type { RelaySettings } from '../../src/actions/relay.ts';
import { openCertificateAuthority } from '../../src/ingress/certificate-authority.ts';
import type { Leaf } from '../../src/ingress/certificate-authority.ts';
import type { MailTransaction } from '../../src/model/exchange.ts';
import { recordingSmtp } from '../support/recording-smtp.ts';

const mail: MailTransaction = {
  kind: 'mail', helo: null, tls: null, authUser: null, from: { address: '', parameters: [] }, to: [{ address: 'qa@example.test', parameters: [] }],
  message: Buffer.from('Subject: t\r\n\r\n.\r\nx\r\n'),
};
let directory: string;
let ca: string;
let leaf: Leaf;
const trusted = tls.getCACertificates('default');

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fourthwall-'));
  const authority = await openCertificateAuthority({ directory, now: Date.now });
  ca = authority.certificatePem;
  leaf = await authority.leaf('relay.internal.test');
});
afterAll(async () => {
  tls.setDefaultCACertificates(trusted);
  await rm(directory, { recursive: true, force: true });
});

function relayTo(settings: Partial<RelaySettings> & { readonly port: number }, addresses: readonly string[] = ['127.0.0.1']): ReturnType<typeof createRelays> {
  const relay: RelaySettings = { host: 'relay.internal.test', tls: 'starttls', user: null, password: null, ...settings };
  return createRelays({ out: relay }, { open: guardedSocket({ internal: () => [], isOwn: () => false, relays: [relay], resolve: () => Promise.resolve(addresses) }), timeout: 5_000 });
}

describe.each([['starttls', false], ['implicit', true]] as const)('a relay with %s', (mode, secure) => {
  it('that nobody vouches for gets neither mail nor password', async () => {
    tls.setDefaultCACertificates(trusted);
    const relay = await recordingSmtp({ tls: leaf, secure, auth: { user: 'u', password: 'p' } });
    expect(await relayTo({ port: relay.port, tls: mode, user: 'u', password: 'p' }).get('out')!.send(mail)).toMatchObject({ kind: 'failed', permanent: false });
    expect(relay.received).toEqual([]);
    await relay.close();
  });

  it('under another name than its certificate\'s gets nothing', async () => {
    tls.setDefaultCACertificates([...trusted, ca]);
    const relay = await recordingSmtp({ tls: leaf, secure });
    expect(await relayTo({ port: relay.port, tls: mode, host: 'other.internal.test' }).get('out')!.send(mail)).toMatchObject({ kind: 'failed' });
    expect(relay.received).toEqual([]);
    await relay.close();
  });

  it('that is who it says gets the mail, with our own login, dots and all', async () => {
    tls.setDefaultCACertificates([...trusted, ca]);
    const relay = await recordingSmtp({ tls: leaf, secure, auth: { user: 'u', password: 'p' } });
    expect(await relayTo({ port: relay.port, tls: mode, user: 'u', password: 'p' }).get('out')!.send(mail)).toEqual({ kind: 'relayed', refused: 0 });
    expect(relay.received).toMatchObject([{ from: '', to: ['qa@example.test'], user: 'u', secure: true, message: 'Subject: t\r\n\r\n.\r\nx\r\n' }]);
    await relay.close();
  });
});

describe('a relay without TLS', () => {
  it('is not spoken to in plain where starttls is asked for', async () => {
    const relay = await recordingSmtp();
    expect(await relayTo({ port: relay.port }).get('out')!.send(mail)).toMatchObject({ kind: 'failed' });
    expect(relay.received).toEqual([]);
    await relay.close();
  });

  it.each([['the cloud\'s metadata', ['169.254.169.254']], ['one good address and one of metadata', ['127.0.0.1', '169.254.169.254']], ['a hidden address', ['::ffff:127.0.0.1']], ['nothing', []]])('is not dialled at %s', async (_what, addresses) => {
    const relay = await recordingSmtp();
    expect(await relayTo({ port: relay.port, tls: 'none' }, addresses).get('out')!.send(mail)).toMatchObject({ kind: 'failed' });
    expect(relay.received).toEqual([]);
    await relay.close();
  });
});

describe('the dialer of relays', () => {
  it('opens exactly the hosts and ports of gateway.yaml', async () => {
    const relay = await recordingSmtp();
    const open = guardedSocket({ internal: () => [], isOwn: () => false, relays: [{ host: 'relay.internal.test', port: relay.port }], resolve: () => Promise.resolve(['127.0.0.1']) });
    await expect(open({ host: 'other.internal.test', port: relay.port })).rejects.toThrow(/no relay/);
    await expect(open({ host: 'relay.internal.test', port: relay.port + 1 })).rejects.toThrow(/no relay/);
    (await open({ host: 'relay.internal.test', port: relay.port })).destroy();
    await relay.close();
  });
});
