/** Response codes of a bank that says no. https://www.checkout.com/docs/developer-resources/codes/api-response-codes */
const summaries: Readonly<Record<string, string>> = {
  20001: 'Refer to card issuer', 20005: 'Declined - Do Not Honour', 20012: 'Invalid transaction', 20014: 'Invalid card number', 20020: 'Invalid response', 20033: 'Expired card - Pick up', 20051: 'Insufficient funds', 20054: 'Expired card',
  20057: 'Transaction not permitted to cardholder', 20059: 'Suspected fraud', 20061: 'Activity amount limit exceeded', 20062: 'Restricted card', 20063: 'Security violation', 20068: 'Response received too late / timeout',
  20087: 'Bad track data', 20150: 'Card not 3D Secure enabled', 20153: '3D Secure system malfunction', 20154: '3D Secure authentication required', '2005C': 'Transaction not supported / blocked by issuer', '2009G': 'Blocked by cardholder / contact cardholder',
  '200N7': 'Decline for CVV2 failure', '200R1': 'Issuer initiated a stop payment (revocation order) for this authorization', '200R3': 'Issuer initiated a stop payment (revocation order) for all authorizations', 30015: 'No such issuer', 30033: 'Expired card - Pick up',
  30041: 'Lost card - Pick up', 30043: 'Stolen card - Pick up', 40101: 'Payment blocked due to risk', 40108: 'Gateway reject - Post code failed',
};

export const declines: readonly string[] = Object.keys(summaries);

export interface Verdict { readonly code: string; readonly summary: string }

export const approved: Verdict = { code: '10000', summary: 'Approved' };

export function verdictOf(code: string): Verdict {
  return { code, summary: Object.hasOwn(summaries, code) ? summaries[code]! : 'Declined' };
}

/** https://www.checkout.com/docs/testing/test-cards */
const cards: ReadonlyMap<string, string> = new Map(Object.entries({
  20001: '4111111111111129', 20012: '4024007103573027 4158596042924182', 20014: '4485381577182090', 20020: '4000148147058142', 20051: '4544249167673670', 20057: '4151512736305999', 20059: '4897453568485113 4000144348235050',
  20061: '4556294593757189', 20062: '4818924250131070', 20063: '4556253752712245', 20068: '4095254802642505', 20154: '4500622868341387', '2005C': '4276038578596818', '2009G': '4152812521833588', '200N7': '4734868958733862',
  30015: '4024007162185267 4655710037275959', 30041: '4941202060999329 4658620059821613', 30043: '4539253655711767 4745820750643143',
}).flatMap(([code, numbers]) => numbers.split(' ').map((number) => [number, code] as const)));

/** What the bank answers to a test card; any other number is approved. */
export function codeOfCard(digits: string, amount: bigint): string | null {
  if (digits === '4242424242424242' && amount === 101n) return '20051';
  return cards.get(digits) ?? null;
}

/** Of the previous platform's sandbox alone, for currencies of hundredths. https://www.checkout.com/docs/previous/testing/response-code-testing */
export function codeOfAmount(amount: bigint): string | null {
  const exact: Readonly<Record<string, string>> = { 9998: '20068', 4001: '40101', 4008: '40108', 2011: '200R1', 2013: '200R3' };
  const ending: Readonly<Record<string, string>> = { '05': '20005', 12: '20012', 14: '20014', 51: '20051', 54: '20087', 62: '20062', 63: '20063' };
  const text = String(amount);
  if (Object.hasOwn(exact, text)) return exact[text]!;
  if (/^[0-9]+333$/.test(text)) return '30033';
  return text.length >= 5 && Object.hasOwn(ending, text.slice(-2)) ? ending[text.slice(-2)]! : null;
}
