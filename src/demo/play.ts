import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';

/** Plays the shop in a process of its own, with the variables a service in staging would have. Its words go to the log. */
export async function playDemo(house: { readonly listeners: readonly { readonly name: string; readonly port: number }[]; readonly caFile: string }, logger: Logger): Promise<void> {
  const port = (name: string): number => house.listeners.find((listener) => listener.name === name)?.port ?? 0;
  const proxy = `http://shop:demo@127.0.0.1:${port('http')}`;
  const shop = spawn(process.execPath, [fileURLToPath(new URL(`./shop${import.meta.url.slice(-3)}`, import.meta.url))], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env, HTTPS_PROXY: proxy, HTTP_PROXY: proxy, https_proxy: proxy, http_proxy: proxy, NO_PROXY: '', no_proxy: '',
      NODE_EXTRA_CA_CERTS: house.caFile, TWILIO_CA_BUNDLE: house.caFile, DEMO_SMTP_PORT: String(port('smtp')),
    },
  });
  const ended = once(shop, 'close');
  for await (const line of createInterface({ input: shop.stderr })) logger.info({ demo: line }, 'demo');
  if ((await ended)[0] !== 0) logger.error('the demo could not be played: it needs the vendors\' own libraries, which a checkout installs for its tests (npm ci)');
}
