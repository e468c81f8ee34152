import { posted } from '../by-fetch.mjs';
export const provider = 'teams';
export const call = 'to Teams';
const id = '0'.repeat(32);
export default () => posted(`https://prod-00.westeurope.logic.azure.com/workflows/${id}/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=${'x'.repeat(43)}`, {}, {
  type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: { type: 'AdaptiveCard', version: '1.4', body: [{ type: 'TextBlock', text: 'Order A-1001' }] } }],
});
