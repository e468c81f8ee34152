import { createTransport } from 'nodemailer';
import { Agent, request } from 'undici';
import type { RunningGateway } from './gateway.ts';

export interface Target { readonly smtp: number; readonly http: number }

export function targetOf({ ports }: RunningGateway): Target {
  return { smtp: ports['smtp']!, http: ports['http']! };
}

/** Sends over both protocols until the other side is gone or refuses. Notes every id that was acknowledged; `enough` once there are so many. `clients` of each protocol. */
export async function load({ smtp, http }: Target, acknowledged: string[], enough: () => void, wanted: number, clients = 10): Promise<void> {
  const noted = (id: string | undefined): void => {
    if (id === undefined) throw new Error('an acknowledgement without an id');
    acknowledged.push(id);
    if (acknowledged.length >= wanted) enough();
  };
  const agent = new Agent({ connections: clients, headersTimeout: 5_000 });
  const transport = createTransport({ host: '127.0.0.1', port: smtp, ignoreTLS: true, pool: true, maxConnections: clients, maxMessages: Infinity });
  const mails = async (): Promise<void> => {
    for (let n = 0; ; n++) {
      const sent = await transport.sendMail({ from: 'load@example.test', to: `m${n}@example.test`, subject: `mail ${n}`, text: 'x'.repeat(500) });
      noted(/captured (cap_\w+)/.exec(sent.response)?.[1]);
    }
  };
  const calls = async (): Promise<void> => {
    for (let n = 0; ; n++) {
      const response = await request(`http://127.0.0.1:${http}/~/api.sendgrid.com/v3/mail/send`, {
        dispatcher: agent, method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer none' },
        body: JSON.stringify({ personalizations: [{ to: [{ email: `h${n}@example.test` }] }], from: { email: 'a@example.test' }, subject: `call ${n}`, content: [{ type: 'text/plain', value: 'x' }] }),
      });
      await response.body.dump();
      if (response.statusCode !== 202) throw new Error(`not acknowledged: ${response.statusCode}`);
      noted(response.headers['x-fourthwall-capture'] as string | undefined);
    }
  };
  await Promise.allSettled(Array.from({ length: clients }, () => [mails(), calls()]).flat());
  transport.close();
  await agent.destroy();
}

export async function storedIds(running: RunningGateway): Promise<Set<string>> {
  const ids = new Set<string>();
  for (let before: number | null = null; ;) {
    const page: { items: { id: string }[]; next: number | null } = await running.api(`/api/captures?limit=500${before === null ? '' : `&before=${before}`}`);
    for (const { id } of page.items) ids.add(id);
    if (page.next === null) return ids;
    before = page.next;
  }
}
