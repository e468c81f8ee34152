import { APIClient, SendEmailRequest } from 'customerio-node';
export const provider = 'customerio';
export default () => new APIClient('x'.repeat(32)).sendEmail(new SendEmailRequest({ to: 'ann@example.test', transactional_message_id: '1', identifiers: { id: 'ann' }, message_data: {} }));
