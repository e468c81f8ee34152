import authorizenet from 'authorizenet';
export const provider = 'authorizenet';
const { APIContracts, APIControllers } = authorizenet;
export default () => new Promise((resolve, reject) => {
  const merchant = new APIContracts.MerchantAuthenticationType();
  merchant.setName('xxxxxxxx');
  merchant.setTransactionKey('y'.repeat(16));
  const transaction = new APIContracts.TransactionRequestType();
  transaction.setTransactionType(APIContracts.TransactionTypeEnum.AUTHCAPTURETRANSACTION);
  transaction.setAmount(10);
  const card = new APIContracts.CreditCardType();
  card.setCardNumber('4111111111111111');
  card.setExpirationDate('2040-12');
  const payment = new APIContracts.PaymentType();
  payment.setCreditCard(card);
  transaction.setPayment(payment);
  const request = new APIContracts.CreateTransactionRequest();
  request.setMerchantAuthentication(merchant);
  request.setTransactionRequest(transaction);
  const controller = new APIControllers.CreateTransactionController(request.getJSON());
  controller.execute(() => {
    const answer = controller.getResponse();
    if (controller.getError()) reject(controller.getError());
    // It resolves with what was refused.
    else if (answer?.messages?.resultCode !== 'Ok') reject(new Error(JSON.stringify(answer)));
    else resolve(answer);
  });
});
