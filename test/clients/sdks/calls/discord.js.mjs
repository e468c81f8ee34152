import { WebhookClient } from 'discord.js';
export const provider = 'discord';
export default () => new WebhookClient({ id: '0'.repeat(18), token: 'x'.repeat(68) }).send('Order A-1001');
