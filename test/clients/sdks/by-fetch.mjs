/** For vendors without an official library that is installed here: what an application writes itself. */
export async function posted(url, headers, body) {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text} ${JSON.stringify(Object.fromEntries(response.headers))}`);
  return text;
}

export const basic = (user, password) => ({ authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` });
