import type { Bench } from './bench.ts';
import { isControl } from './case.ts';
import type { Case } from './case.ts';
import type { SmtpManner } from './conversation.ts';
import { dial, httpTalk, repliesIn, smtpReplies, smtpTalk } from './conversation.ts';
import { piecesOf } from './expand.ts';
import type { Capture, Evidence } from './judge.ts';
import type { Scenario } from './scenario.ts';
import { play } from './scenario.ts';

/** The captures behind `after`, whole, oldest first. */
export async function capturesAfter(bench: Bench, after: number): Promise<readonly Capture[]> {
  const api = async <T>(path: string): Promise<T> => {
    const response = await fetch(`http://127.0.0.1:${bench.port('control')}/api${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return await response.json() as T;
  };
  const { items } = await api<{ readonly items: readonly { readonly id: string; readonly seq: number }[] }>(`/captures?after=${after}&limit=500`);
  const whole: Capture[] = [];
  for (const { id } of items.toReversed()) whole.push(await api<Capture>(`/captures/${id}`));
  return whole;
}

/** Waits shortly for a record of what had no answer: it is written while the connection is being closed. */
async function recordOf(bench: Bench, after: number, answered: boolean): Promise<readonly Capture[]> {
  const until = Date.now() + (answered ? 0 : 1_000);
  for (;;) {
    const captures = await capturesAfter(bench, after);
    if (captures.length > 0 || Date.now() >= until) return captures;
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
}

/** Plays one case against real sockets and gathers what came of it. `cursor` holds the seq of the last capture seen. */
export async function evidenceOf(one: Case, bench: Bench, cursor: { seq: number }, manner: SmtpManner): Promise<Evidence> {
  bench.asked.length = 0;
  bench.dialled.length = 0;
  bench.standIn.got.length = 0;
  const after = cursor.seq;
  const heard = await talk(one, bench, manner);
  const captures = await recordOf(bench, after, heard.replies.length > 0 || heard.codes.length > 0);
  cursor.seq = captures.at(-1)?.seq ?? after;
  return { ...heard, captures, leaks: leaksOf(one, bench), sent: [...bench.standIn.got] };
}

type Talked = Omit<Evidence, 'captures' | 'leaks' | 'sent'>;

async function talk(one: Case, bench: Bench, manner: SmtpManner): Promise<Talked> {
  if (one.kind === 'scenario') {
    const scenario = JSON.parse(one.input) as Scenario;
    const { reply, stage, note } = await play(bench, scenario);
    const location = scenario.upstream_answers?.['location'];
    return { replies: reply === null ? [] : [reply], codes: [], acks: 0, cutOff: true, location: typeof location === 'string' ? location : null, note: `${stage}: ${note}` };
  }
  const pieces = piecesOf(one);
  if (one.channel === 'http') {
    const { text, cutOff } = await httpTalk(await dial(bench.port('http')), pieces, one.expect === 'deny-second' ? 2 : isControl(one) ? 1 : null);
    return { replies: repliesIn(text, true), codes: [], acks: 0, cutOff, location: null, note: text.slice(0, 200) };
  }
  if (one.then === 'close-after-dot') await smtpTalk(bench.port('smtp'), pieces, manner, one.then);
  // a client that got no answer tries again
  const { text, cutOff } = await smtpTalk(bench.port('smtp'), pieces, manner, one.then === 'close' ? 'close' : undefined);
  const answers = smtpReplies(text).slice(1);
  return {
    replies: [], codes: answers.map(({ code }) => code), acks: answers.filter(({ code, text: words }) => code === 250 && words.includes('captured cap_')).length,
    cutOff, location: null, note: answers.slice(-3).map(({ code, text: words }) => `${code} ${words}`).join(' / ').slice(0, 200),
  };
}

/** Only a scenario has an exemption: one lookup of the sandbox, one connection to the stand-in. */
function leaksOf(one: Case, { asked, dialled }: Bench): readonly string[] {
  const exempt = one.kind === 'scenario' && /sandbox\.mock\.test/.test(one.input);
  const [names, addresses] = exempt
    ? [asked.filter((name, index) => name !== 'sandbox.mock.test' || index > 0), dialled.filter((address, index) => address !== '127.0.0.1:443' || index > 0)]
    : [asked, dialled];
  return [...names.map((name) => `DNS ${name}`), ...addresses.map((address) => `dialled ${address}`)];
}
