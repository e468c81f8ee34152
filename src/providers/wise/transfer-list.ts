import { everything } from '../wire/everything.ts';
import { invalid } from './errors.ts';
import type { Answer, Work } from './operation.ts';
import { showTransfer } from './transfer.ts';
import type { Transfer } from './transfer.ts';

const known = ['profile', 'status', 'limit', 'offset', 'sourceCurrency', 'targetCurrency', 'createdDateStart', 'createdDateEnd'];

/** Newest first. https://docs.wise.com/api-reference/transfer/transferlist */
export async function listTransfers(work: Work): Promise<Answer> {
  const { limit, offset, sourceCurrency, targetCurrency, createdDateStart, createdDateEnd, ...where } = parameters(work);
  const [size, skipped] = [numberIn('limit', limit, 10, 100), numberIn('offset', offset, 0, 100_000)];
  const [begin, end] = [timeIn('createdDateStart', createdDateStart), timeIn('createdDateEnd', createdDateEnd)];
  // by profile and status they are indexed
  const found = (await everything<Transfer>(work.context, 'transfer', { where })).filter(({ source, target, createdMs }) =>
    [source, undefined].includes(sourceCurrency) && [target, undefined].includes(targetCurrency) && createdMs >= (begin?.from ?? createdMs) && createdMs <= (end?.to ?? createdMs));
  return { status: 200, body: found.slice(skipped, skipped + size).map(showTransfer) };
}

/** Each once, and each of them known: a filter that is passed over would show what was not asked for. */
function parameters({ call: { query } }: Work): Readonly<Record<string, string>> {
  const names = query.map(([name]) => name);
  const other = names.find((name, index) => !known.includes(name) || names.indexOf(name) !== index);
  if (other !== undefined) throw invalid(other.slice(0, 50), `The parameter ${other.slice(0, 50)} of this list is not simulated, or given twice`);
  return Object.fromEntries(query);
}

function numberIn(name: string, text: string | undefined, usual: number, most: number): number {
  if (text === undefined) return usual;
  if (!/^[0-9]{1,6}$/.test(text) || Number(text) > most) throw invalid(name, `${name} is a number up to ${most}`);
  return Number(text);
}

/** A moment, or a day from its first millisecond to its last. */
function timeIn(name: string, text: string | undefined): { readonly from: number; readonly to: number } | null {
  if (text === undefined) return null;
  const at = /^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T|$)/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw invalid(name, `${name} is a date: 2026-11-21 or 2026-11-21T09:00:00.000Z`);
  return { from: at, to: text.length === 10 ? at + 24 * 3600_000 - 1 : at };
}
