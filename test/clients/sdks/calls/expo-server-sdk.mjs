import { Expo } from 'expo-server-sdk';
export default () => new Expo().sendPushNotificationsAsync([{ to: `ExponentPushToken[${'x'.repeat(22)}]`, body: 'Order A-1001 has shipped' }]);
