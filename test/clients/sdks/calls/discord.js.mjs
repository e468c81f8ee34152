import { WebhookClient } from 'discord.js';
export default () => new WebhookClient({ id: '0'.repeat(18), token: 'x'.repeat(68) }, { rest: { retries: 0 } }).send('Order A-1001');
