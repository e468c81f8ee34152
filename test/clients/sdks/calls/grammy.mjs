import { Bot } from 'grammy';
export const provider = 'telegram';
export default () => new Bot(`000000000:${'x'.repeat(35)}`).api.sendMessage(1, 'Order A-1001');
