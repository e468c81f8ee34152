import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { HostedPage, PageSubject, PayerChoice } from '../../src/model/hosted-page.ts';
import type { HttpRequest } from '../../src/model/exchange.ts';
import type { HttpProvider, SimulationContext } from '../../src/model/provider.ts';
import type { HttpFixture } from '../support/http-file.ts';
import { memory, type Memory } from '../support/simulation-context.ts';
import { consequenceFaults } from './callbacks.ts';

const everyChoice: readonly PayerChoice[] = ['pay', 'pay-authenticated', 'decline', 'fail-authentication', 'cancel'];

/** What a provider promises of the pages where its vendor's payer pays. `reusable`: kinds that can be paid again and again (payment links). */
export function hostedContract(provider: HttpProvider, fixtures: readonly HttpFixture[], reusable: readonly string[]): void {
  const { hosted } = provider;
  if (hosted === undefined) return;

  describe('has pages for payers', () => {
    const answered = fixtures.filter(({ request }) => provider.decode(request).kind !== 'unrecognized');

    it('which some of its calls lead to', async () => {
      const made = await Promise.all(answered.map(({ request }) => pagesOf(provider, request)));
      expect(made.flatMap(({ subjects }) => subjects).length).toBeGreaterThan(0);
    });

    it('and none for what it does not remember', async () => {
      const kinds = new Set((await Promise.all(answered.map(({ request }) => pagesOf(provider, request)))).flatMap(({ subjects }) => subjects.map(({ kind }) => kind)));
      for (const kind of [...kinds, 'nothing-of-the-kind', '__proto__']) {
        const subject = { kind, id: 'nobody' };
        expect(await hosted.show(subject, memory().context())).toBeNull();
        for (const choice of everyChoice) expect(await hosted.choose(subject, choice, memory().context())).toBeNull();
      }
    });

    it.each(answered)('where every choice that is offered after $name can be made, once', async ({ request }) => {
      const wrong: string[] = [];
      const { subjects } = await pagesOf(provider, request);
      for (const subject of subjects) {
        const { kept } = await pagesOf(provider, request);
        const page = await hosted.show(subject, kept.context({ call: 2 }));
        const name = `${subject.kind} ${subject.id}`;
        if (page === null) { wrong.push(`${name}: a call leads to a page of it, and there is none`); continue; }
        wrong.push(...pageFaults(page).map((fault) => `${name}: ${fault}`));
        if (!isDeepStrictEqual(page, await hosted.show(subject, kept.context({ call: 2 })))) wrong.push(`${name}: the page is another the second time`);
        for (const choice of page.choices) wrong.push(...(await choiceFaults(provider, request, subject, choice, reusable.includes(subject.kind))).map((fault) => `${name}: ${choice}: ${fault}`));
      }
      expect(wrong).toEqual([]);
    });
  });
}

/** What a call leaves behind, and which pages its answer leads to. */
async function pagesOf(provider: HttpProvider, request: HttpRequest): Promise<{ readonly kept: Memory; readonly subjects: readonly PageSubject[] }> {
  const kept = memory();
  const subjects: PageSubject[] = [];
  const context = kept.context();
  const noting: SimulationContext = {
    ...context,
    page(kind, id) {
      if (!subjects.some((one) => one.kind === kind && one.id === id)) subjects.push({ kind, id });
      return context.page(kind, id);
    },
  };
  const { remember } = await provider.simulate(request, provider.decode(request), noting);
  kept.keep(remember ?? []);
  return { kept, subjects };
}

async function choiceFaults(provider: HttpProvider, request: HttpRequest, subject: PageSubject, choice: PayerChoice, reusable: boolean): Promise<readonly string[]> {
  const hosted = provider.hosted!;
  const { kept } = await pagesOf(provider, request);
  const chosen = await hosted.choose(subject, choice, kept.context({ call: 2 }));
  if (chosen === null) return ['it was offered, and the object is said to be gone'];
  const faults = [...consequenceFaults(chosen)];
  if (!isDeepStrictEqual(chosen, await hosted.choose(subject, choice, kept.context({ call: 2 })))) faults.push('something else the second time');
  if (chosen.goTo === null && (chosen.says ?? '').trim() === '') faults.push('the payer stays and is told nothing');
  if (chosen.goTo !== null && !/^https?:$/.test(URL.parse(chosen.goTo)?.protocol ?? '')) faults.push(`the payer is sent to ${chosen.goTo}, which is no http or https URL`);
  kept.keep(chosen.remember ?? []);
  const after = await hosted.show(subject, kept.context({ call: 3 }));
  if (after === null) return [...faults, 'afterwards there is no page any more'];
  faults.push(...pageFaults(after).map((fault) => `afterwards ${fault}`));
  if (chosen.goTo !== null && after.choices.length === 0 && (after.back ?? null) === null) faults.push('it is over, and the second click finds no link back to the application');
  const paid = choice.startsWith('pay') && !reusable;
  if (paid && after.choices.some((each) => each.startsWith('pay'))) faults.push('it can be paid a second time');
  return faults;
}

function pageFaults(page: HostedPage): readonly string[] {
  const sums = [page.amount, ...page.lines.map(({ amount }) => amount)].filter((amount) => amount !== null);
  const said: readonly (readonly [boolean, string])[] = [
    [isDeepStrictEqual(JSON.parse(JSON.stringify(page)), page), 'is not plain JSON'], [page.title.trim() !== '', 'has no title'], [page.payer?.trim() !== '', 'has an empty payer'],
    [!/undefined|\[object|NaN/.test(JSON.stringify(page)), 'says something undefined'], [page.choices.every((choice) => everyChoice.includes(choice)), 'offers what is no choice'],
    [new Set(page.choices).size === page.choices.length, 'offers a choice twice'], [page.choices.length > 0 || page.status !== null, 'offers nothing and does not say why'],
    [(page.back ?? null) === null || /^https?:$/.test(URL.parse(page.back!)?.protocol ?? ''), 'leads back to what is no http or https URL'],
    [sums.every(({ minor, exponent, currency }) => /^-?\d+$/.test(minor) && Number.isInteger(exponent) && /^[A-Z0-9]{2,10}$/.test(currency)), 'has an amount that is none'],
  ];
  return said.filter(([fine]) => !fine).map(([, fault]) => fault);
}
