import { createHash } from 'node:crypto';
import type { PayerChoice, ShownPage } from '../model/hosted-page.ts';
import { moneyText } from '../model/money.ts';

/** Names as in src/web/styles/tokens.css, so that it looks like the page of the gateway it belongs to. */
const style = `
:root{color-scheme:light dark;--ground:light-dark(#f6f7f8,#101315);--surface:light-dark(#fff,#171b1e);--sunk:light-dark(#f1f3f4,#12161a);--line:light-dark(#e3e7ea,#282f34);--line-strong:light-dark(#c9d0d5,#3a434a);
--text:light-dark(#15191c,#e7ebee);--dim:light-dark(#566068,#98a4ad);--accent:light-dark(#0f766e,#2dd4bf);--on-accent:light-dark(#fff,#06201d);--focus:light-dark(#0d9488,#5eead4);
--warn:light-dark(#8a5300,#f2b84b);--warn-ground:light-dark(#fdf3dd,#32270f);--left:light-dark(#1d4ed8,#8ab4ff);--left-ground:light-dark(#e8eefc,#18233d)}
*{box-sizing:border-box}
body{margin:0;padding:24px 16px;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;overflow-wrap:anywhere}
main{max-width:460px;margin:0 auto;padding:24px;background:var(--surface);border:1px solid var(--line);border-radius:12px}
h1{margin:18px 0 14px;font-size:20px;line-height:1.3;font-weight:620}
p{margin:0 0 14px}
.stage{padding:8px 12px;border-radius:8px;background:var(--warn-ground);color:var(--warn);font-size:13.5px}
.said{padding:8px 12px;border-radius:8px;background:var(--left-ground);color:var(--left)}
.dim{color:var(--dim);font-size:13.5px}
dl{margin:0 0 16px}
dl div{display:flex;justify-content:space-between;gap:16px;padding:6px 0;border-bottom:1px solid var(--line)}
dt{flex:none;color:var(--dim)}
dd{margin:0;text-align:end}
.amount{font-size:18px;font-weight:620;font-variant-numeric:tabular-nums}
table{width:100%;margin:0 0 18px;border-collapse:collapse;font-size:14px}
caption{padding:0 0 4px;color:var(--dim);font-size:13.5px;text-align:start}
th{font-weight:400;text-align:start}
td{width:1%;padding-inline-start:16px;text-align:end;white-space:nowrap;font-variant-numeric:tabular-nums}
th,td{padding-block:4px;vertical-align:top}
form{display:grid;gap:10px}
.back{margin:10px 0 0}
button,.button{display:block;width:100%;padding:10px 14px;border:1px solid var(--line-strong);border-radius:8px;background:var(--surface);color:var(--text);font:inherit;font-weight:560;text-align:center;text-decoration:none;cursor:pointer}
button:hover,.button:hover{background:var(--sunk)}
button.solid{border-color:var(--accent);background:var(--accent);color:var(--on-accent)}
button.solid:hover{filter:brightness(1.08)}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
`;

/**
 * No script, no picture, nothing of another host. Chrome holds every redirect after a form against form-action, those of the application
 * too (its API's "return" leads on to its shop's "thanks"), so no list of origins could be right: what is no address of the web stays shut out.
 */
export const payPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; form-action http: https:; base-uri 'none'; frame-ancestors 'none'`;

export interface PayView {
  readonly token: string;
  readonly page: ShownPage;
  /** the step of 3-D Secure, where the payer's bank would ask */
  readonly authenticating: boolean;
  /** what the last click came to */
  readonly says: string | null;
}

export function payPage({ token, page, authenticating, says }: PayView): string {
  const asks = (choice: PayerChoice): boolean => page.choices.includes(choice);
  const secure = asks('pay-authenticated') || asks('fail-authentication');
  const bank = secure && (authenticating || page.choices.every((choice) => choice.includes('authent')));
  const back = bank && page.choices.some((choice) => !choice.includes('authent'));
  const at = escaped(token);
  const buttons = bank
    ? [button('pay-authenticated', 'Complete', page, 'solid'), button('fail-authentication', 'Fail', page)]
    : [button('pay', 'Pay', page, 'solid'), button('decline', 'Decline', page), secure ? `<a class="button" href="${at}?step=3ds">3-D Secure</a>` : '', button('cancel', 'Cancel', page)];
  return document(bank ? `3-D Secure: ${page.title}` : page.title, `
<p class="stage"><strong>Nothing is charged: this is staging.</strong> In production the page of ${text(page.provider)} would be here.</p>
<h1>${bank ? '3-D Secure' : text(page.title)}</h1>
${says === null ? '' : `<p class="said" role="status">${text(says)}</p>\n`}${page.status === null || page.status === says ? '' : `<p>${text(page.status)}</p>\n`}${facts(page)}
${bank ? '<p>The bank of the payer asks whether it is really the payer.</p>\n' : lines(page)}${page.choices.length === 0 ? over(page)
    : `<form method="post" action="${at}">\n${buttons.filter((each) => each !== '').join('\n')}\n</form>`}
${back ? `<p class="back"><a class="button" href="${at}">Back</a></p>` : ''}`);
}

export function noSuchPage(): string {
  return document('No such payment page', `
<h1>No such payment page</h1>
<p>Nothing is remembered that this address stands for: it was not made by this gateway, or what it was for is forgotten. Start again in the application.</p>`);
}

/** Whoever clicked twice, or comes again, would be stuck here without a way on. */
function over({ back }: ShownPage): string {
  const way = back === undefined || back === null ? '' : `\n<p class="back"><a class="button" href="${escaped(back)}">Back to the application</a></p>`;
  return `<p class="dim">There is nothing left to choose here.</p>${way}`;
}

function facts({ amount, payer }: ShownPage): string {
  const rows = [
    ...amount === null ? [] : [`<div><dt>Amount</dt><dd class="amount">${text(moneyText(amount))}</dd></div>`],
    ...payer === null ? [] : [`<div><dt>Payer</dt><dd>${text(payer)}</dd></div>`],
  ];
  return rows.length === 0 ? '' : `<dl>${rows.join('')}</dl>`;
}

function lines({ lines: all }: ShownPage): string {
  if (all.length === 0) return '';
  const rows = all.slice(0, 100).map(({ text: said, amount }) => `<tr><th scope="row">${text(said)}</th><td>${amount === null ? '' : text(moneyText(amount))}</td></tr>`);
  return `<table><caption>What it is for${all.length > 100 ? `, the first 100 of ${all.length}` : ''}</caption><tbody>${rows.join('')}</tbody></table>\n`;
}

function button(choice: PayerChoice, label: string, { choices }: ShownPage, look?: 'solid'): string {
  return choices.includes(choice) ? `<button name="choice" value="${choice}"${look === undefined ? '' : ` class="${look}"`}>${label}</button>` : '';
}

function document(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} - Fourthwall</title>
<style>${style}</style>
</head>
<body>
<main>${body}
</main>
</body>
</html>
`;
}

/** Text of the application, in whatever direction it is written; none of it is markup. */
function text(said: string): string {
  return `<bdi>${escaped(said)}</bdi>`;
}

function escaped(said: string): string {
  return said.slice(0, 1_000).toWellFormed().replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}
