import { WebClient } from '@slack/web-api';
export default () => new WebClient(['xoxb', '0'.repeat(12), '0'.repeat(12), 'x'.repeat(24)].join('-'), { retryConfig: { retries: 0 } }).chat.postMessage({ channel: '#orders', text: 'Order A-1001' });
