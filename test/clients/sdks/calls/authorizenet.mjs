import authorizenet from 'authorizenet';
const { APIContracts, APIControllers } = authorizenet;
export default () => new Promise((resolve, reject) => {
  const merchant = new APIContracts.MerchantAuthenticationType();
  merchant.setName('xxxxxxxx');
  merchant.setTransactionKey('y'.repeat(16));
  const transaction = new APIContracts.TransactionRequestType();
  transaction.setTransactionType(APIContracts.TransactionTypeEnum.AUTHCAPTURETRANSACTION);
  transaction.setAmount(10);
  const request = new APIContracts.CreateTransactionRequest();
  request.setMerchantAuthentication(merchant);
  request.setTransactionRequest(transaction);
  const controller = new APIControllers.CreateTransactionController(request.getJSON());
  controller.execute(() => (controller.getError() ? reject(controller.getError()) : resolve(controller.getResponse())));
});
