import { Telegraf } from 'telegraf';
export const provider = 'telegram';
export default () => new Telegraf(`000000000:${'x'.repeat(35)}`).telegram.sendMessage(1, 'Order A-1001');
