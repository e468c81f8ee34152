import { Expo } from 'expo-server-sdk';
export const provider = 'expo';
export default () => new Expo().sendPushNotificationsAsync([{ to: `ExponentPushToken[${'x'.repeat(22)}]`, body: 'Order A-1001 has shipped' }]);
