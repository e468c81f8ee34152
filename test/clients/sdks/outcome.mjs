const words = (error) => [...new Set([error?.code, error?.name, error?.message, error?.cause?.message, error?.error?.message, ...[error?.body, error?.response?.data, error?.response?.body, error?.errors].map((each) => JSON.stringify(each))])]
  .filter((part) => typeof part === 'string' || typeof part === 'number').join(' | ');

/** The answer that an error carries unread, or taken apart: some libraries leave it to the application to look into it (@vonage). */
async function answerOf(thrown) {
  const response = thrown?.response;
  if (typeof response?.text !== 'function' || response.bodyUsed !== false) return JSON.stringify(response?.messages) ?? '';
  try {
    return await response.text();
  } catch {
    // It says no more than the error itself.
    return '';
  }
}

/** What came of a library's call, in words. authorizenet may never call back, and some retry for minutes. */
export async function outcomeOf(call, patienceMs = 15_000) {
  let timer;
  const patience = new Promise((resolve) => { timer = setTimeout(resolve, patienceMs, { resolved: false, silent: true, error: `no answer within ${patienceMs / 1000} s` }); });
  const outcome = await Promise.race([Promise.resolve().then(call).then(() => ({ resolved: true }), async (error) => ({ resolved: false, error: [await answerOf(error), words(error)].filter((part) => part !== '').join(' | ') || String(error) })), patience]);
  clearTimeout(timer);
  return outcome;
}
