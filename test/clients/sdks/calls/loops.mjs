import { LoopsClient } from 'loops';
export const provider = 'loops';
export default () => new LoopsClient('x'.repeat(32)).sendTransactionalEmail({ transactionalId: 'order', email: 'ann@example.test' });
