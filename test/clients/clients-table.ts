import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '../../src/testing/client.ts';
import { capturePolicy, type RunningGateway } from '../support/gateway.ts';
import { ended, fourthwallRun, plainEnv, root } from './fourthwall-run.ts';
import type { Ended } from './fourthwall-run.ts';
import { byFetch, sdkCalls } from './provider-calls.ts';
import type { SdkCall } from './provider-calls.ts';

const sdks = fileURLToPath(new URL('./sdks/', import.meta.url));
const script = join(sdks, 'call.mjs');

/** One file a call, in the order of the table. */
export const clients: readonly string[] = sdkCalls.map(({ file }) => file);

export const modes = ['proxy variables', 'NODE_USE_ENV_PROXY=1', '`fourthwall run`', 'transparent'] as const;
export type Mode = (typeof modes)[number];
/**
 * captured: it arrived, was understood or answered as the rule says, and the library was told so by TLS and HTTP.
 * refused: it arrived, was not answered (the client broke off), and is on record. bypassed: it dialled past the gateway. failed: neither.
 */
export type Cell = 'captured' | 'refused and recorded' | 'bypassed' | 'failed';

/**
 * Vendors that no provider of ours speaks for yet are answered by a rule, so that their libraries get through TLS and HTTP all the same.
 * The body holds what the libraries with a second call ask of the first (a token).
 */
export const everyHost = capturePolicy.replace('rules:\n', `rules:
  - { id: every-host, when: { not: { channel: [email, sms, voice, push, chat, payment, verification] } }, then: { capture: { reply: { status: 200, headers: { content-type: application/json }, body: '{"ok":true,"access_token":"token","token_type":"Bearer","expires_in":3600,"id":"1","name":"1","result":{},"data":[{"status":"ok","id":"1"}]}' } } }, because: the table asks who arrives }
`);

/** What one client did in one mode, and what came of it for the client. */
export async function cellOf(gateway: RunningGateway, client: string, mode: Mode): Promise<{ readonly cell: Cell; readonly told: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'fourthwall-client-'));
  try {
    const before = (await captures(gateway, 0))[0]?.seq ?? 0;
    const tripwire = join(directory, 'dialled');
    const began = new Date().toISOString();
    const told = await called(gateway, client, mode, tripwire);
    const dialled = existsSync(tripwire) ? await readFile(tripwire, 'utf8') : '';
    // What a client breaks off may be on record a moment after the client has ended.
    if (!told.out.includes('"resolved":true')) await gateway.api(`/api/captures/wait?after=${before}&action=reject&timeout=1`);
    const seen = await captures(gateway, before);
    const cell = dialled !== '' ? 'bypassed'
      : seen.some(({ action }) => action === 'capture') ? (seen.some(({ action }) => action === 'reject') ? 'refused and recorded' : 'captured')
      : seen.length > 0 || await tlsRejected(gateway, began) ? 'refused and recorded' : 'failed';
    return { cell, told: `${told.out.trim().split('\n').at(-1) ?? ''} ${dialled.trim()} ${JSON.stringify(seen)}${cell === 'failed' ? told.err : ''}` };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function called(gateway: RunningGateway, client: string, mode: Mode, tripwire: string): Promise<Ended> {
  const node = [process.execPath, script, client] as const;
  const [file, ...args] = node;
  const proxy = gateway.proxy('sdk');
  const variables = {
    HTTP_PROXY: proxy, HTTPS_PROXY: proxy, http_proxy: proxy, https_proxy: proxy, NODE_EXTRA_CA_CERTS: gateway.caFile,
    TRIPWIRE: tripwire, NODE_OPTIONS: `--require ${join(sdks, 'tripwire.cjs')}`,
  };
  switch (mode) {
    case 'proxy variables': return ended(file, args, plainEnv(variables), sdks);
    case 'NODE_USE_ENV_PROXY=1': return ended(file, args, plainEnv({ ...variables, NODE_USE_ENV_PROXY: '1' }), sdks);
    case '`fourthwall run`': return fourthwallRun(gateway, node, { options: ['--service', 'sdk'], cwd: sdks });
    case 'transparent': {
      const { http, tls, smtp, smtps } = gateway.ports;
      return ended(file, args, plainEnv({
        NODE_EXTRA_CA_CERTS: gateway.caFile, NODE_OPTIONS: `--require ${join(sdks, 'transparent.cjs')}`,
        TRANSPARENT_PORTS: JSON.stringify({ 80: http, 443: tls, 2197: tls, 25: smtp, 587: smtp, 465: smtps }),
      }), sdks);
    }
  }
}

/** A client that does not trust the certificate leaves no call, but an event that makes a verdict inconclusive. It may arrive after the client ended. */
async function tlsRejected(gateway: RunningGateway, since: string): Promise<boolean> {
  const client = createClient({ url: gateway.control });
  for await (const event of client.events({ after: 0, signal: AbortSignal.timeout(3_000) })) if (event.kind === 'tls-rejected' && event.at >= since) return true;
  return false;
}

async function captures(gateway: RunningGateway, after: number): Promise<readonly { readonly seq: number; readonly action: string; readonly rule: string; readonly provider: string }[]> {
  const { items } = await gateway.api<{ items: { seq: number; action: string; rule: string; provider: string }[] }>(`/api/captures?after=${after}&limit=50`);
  return items.map(({ seq, action, rule, provider }) => ({ seq, action, rule, provider }));
}

const versionOf = (library: string): string => library === byFetch ? `Node ${process.versions.node.split('.')[0]}` : (JSON.parse(readFileSync(join(root, 'node_modules', library, 'package.json'), 'utf8')) as { version: string }).version;
const row = ({ file, library, call }: SdkCall, cells: ReadonlyMap<string, Readonly<Record<Mode, Cell>>>): string =>
  `| ${library}${call === null ? '' : call.endsWith('()') ? ` \`${call}\`` : ` ${call}`} | ${versionOf(library)} | ${modes.map((mode) => cells.get(file)?.[mode] ?? 'not run').join(' | ')} |`;

/** The rows as Markdown. */
export function tableText(cells: ReadonlyMap<string, Readonly<Record<Mode, Cell>>>): string {
  const head = `| library | version | ${modes.join(' | ')} |\n|---|---|${modes.map(() => '---').join('|')}|`;
  return [head, ...sdkCalls.map((each) => row(each, cells)).sort()].join('\n');
}
