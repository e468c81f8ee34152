import { afterAll, beforeAll, expect, it } from 'vitest';
import { openFront } from './smtp-harness.ts';
import type { Front } from './smtp-harness.ts';
import net from 'node:net';
let front: Front;
beforeAll(async () => { front = await openFront(); });
afterAll(() => front.dispose());
const pipelined = (to: string, text: string) => `MAIL FROM:<a@shop.test>\r\nRCPT TO:<${to}>\r\nDATA\r\n${text}\r\n.\r\n`;
it('x', async () => {
  const s = net.connect(front.port,'127.0.0.1'); let got=''; const ev: string[]=[];
  for (const e of ['end','close','error','finish']) s.on(e,(x)=>ev.push(e+String(x)));
  await new Promise<void>(r=>s.on('data',d=>{got+=d; if(got.includes('220 ')) r();}));
  s.write(`EHLO a.test\r\n${pipelined('one@example.test', 'first')}${pipelined('two@example.test', 'second')}QUIT\r\n`);
  const ok = await Promise.race([new Promise(r=>s.on('close',()=>r(true))), new Promise(r=>setTimeout(()=>r(false),2500))]);
  expect([ok, front.mails.length, got, ev, s.readyState, front.unreadable.length]).toEqual([true]);
});
