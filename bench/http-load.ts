/** One round of load: `node http-load.ts URL SECONDS CONNECTIONS`; prints { rate, answers, p99 }, exit 1 on any error. */
import autocannon from 'autocannon';

const [url = '', seconds = '5', connections = '50'] = process.argv.slice(2);
const body = JSON.stringify({
  personalizations: [{ to: [{ email: 'someone@example.test' }] }], from: { email: 'shop@example.test' },
  subject: 'Your order A-1001', content: [{ type: 'text/plain', value: 'Thank you for your order. '.repeat(40) }],
});
const result = await autocannon({
  url, method: 'POST', duration: Number(seconds), connections: Number(connections), body,
  headers: { 'content-type': 'application/json', authorization: `Bearer ${['SG', 'b'.repeat(22), 'c'.repeat(43)].join('.')}` },
});
if (result.errors + result.timeouts + result.non2xx > 0) {
  process.stderr.write(`${result.errors} errors, ${result.timeouts} timeouts, ${result.non2xx} answers that are not 2xx\n`);
  process.exit(1);
}
process.stdout.write(JSON.stringify({ rate: result.requests.average, answers: result['2xx'], p99: result.latency.p99 }));
