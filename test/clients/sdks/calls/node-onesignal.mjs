import onesignal from '@onesignal/node-onesignal';
export const provider = 'onesignal';
export default () => {
  const client = new onesignal.DefaultApi(onesignal.createConfiguration({ restApiKey: `os_v2_app_${'x'.repeat(40)}` }));
  return client.createNotification(Object.assign(new onesignal.Notification(), { app_id: '00000000-0000-0000-0000-000000000000', contents: { en: 'Order A-1001' }, include_aliases: { external_id: ['ann'] } }));
};
