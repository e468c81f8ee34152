import { WebClient } from '@slack/web-api';
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's method, not a window's
export default () => new WebClient(['xoxb', '0'.repeat(12), '0'.repeat(12), 'x'.repeat(24)].join('-'), { retryConfig: { retries: 0 } }).chat.postMessage({ channel: '#orders', text: 'Order A-1001' });
