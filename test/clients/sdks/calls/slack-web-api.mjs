import { WebClient } from '@slack/web-api';
export const provider = 'slack';
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's method, not a window's
export default () => new WebClient(['xoxb', '0'.repeat(12), '0'.repeat(12), 'x'.repeat(24)].join('-')).chat.postMessage({ channel: '#orders', text: 'Order A-1001' });
