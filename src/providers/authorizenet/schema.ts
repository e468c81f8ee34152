import { asArray, asObject } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';

const address = ['firstName', 'lastName', 'company', 'address', 'city', 'state', 'zip', 'country'];
const billing = [...address, 'phoneNumber', 'faxNumber', 'email'];
const profileBase = ['merchantCustomerId', 'description', 'email'];

/** The children of elements in the order of the schema, as the SDK's classes have them: JSON is held to it too. */
const orders: Readonly<Record<string, readonly string[]>> = {
  createTransactionRequest: ['merchantAuthentication', 'clientId', 'refId', 'transactionRequest'],
  getHostedPaymentPageRequest: ['merchantAuthentication', 'clientId', 'refId', 'transactionRequest', 'hostedPaymentSettings'],
  transactionRequest: [
    'transactionType', 'amount', 'currencyCode', 'payment', 'profile', 'solution', 'callId', 'terminalNumber', 'authCode', 'refTransId', 'splitTenderId', 'order', 'lineItems', 'tax', 'duty', 'shipping', 'taxExempt', 'poNumber', 'customer',
    'billTo', 'shipTo', 'customerIP', 'cardholderAuthentication', 'retail', 'employeeId', 'transactionSettings', 'userFields', 'surcharge', 'merchantDescriptor', 'subMerchant', 'tip', 'processingOptions', 'subsequentAuthInformation', 'otherTax', 'shipFrom', 'authorizationIndicatorType',
  ],
  creditCard: ['cardNumber', 'expirationDate', 'cardCode', 'isPaymentToken', 'cryptogram', 'tokenRequestorName', 'tokenRequestorId', 'tokenRequestorEci'],
  bankAccount: ['accountType', 'routingNumber', 'accountNumber', 'nameOnAccount', 'echeckType', 'bankName', 'checkNumber'],
  customer: ['type', 'id', 'email', 'phoneNumber', 'faxNumber', 'driversLicense', 'taxId'], billTo: billing, shipTo: address,
  createCustomerProfileRequest: ['merchantAuthentication', 'clientId', 'refId', 'profile', 'validationMode'],
  paymentProfiles: ['customerType', 'billTo', 'payment', 'driversLicense', 'taxId', 'defaultPaymentProfile', 'subsequentAuthInformation', 'excludeFromAccountUpdater'],
  ARBCreateSubscriptionRequest: ['merchantAuthentication', 'clientId', 'refId', 'subscription'],
  subscription: ['name', 'paymentSchedule', 'amount', 'trialAmount', 'payment', 'order', 'customer', 'billTo', 'shipTo', 'profile'],
  paymentSchedule: ['interval', 'startDate', 'totalOccurrences', 'trialOccurrences'], interval: ['length', 'unit'],
};
const profileOrders: Readonly<Record<string, readonly string[]>> = { createCustomerProfileRequest: [...profileBase, 'paymentProfiles', 'shipToList', 'profileType'] };
const namespace = 'AnetApi/xml/v1/schema/AnetApiSchema.xsd';

/** What the schema has against a body; null where it has nothing, and for what is not written down here. */
export function schemaFault(root: string, body: JsonObject): string | null {
  return Object.hasOwn(orders, root) ? fault(root, root, body) : null;
}

function fault(root: string, name: string, value: JsonValue): string | null {
  const list = asArray(value);
  if (list !== null) return first(list.map((each) => () => fault(root, name, each)));
  const object = asObject(value);
  if (object === null) return null;
  const order = name === 'profile' ? profileOrders[root] : orders[name];
  return (order === undefined ? null : disorder(name, Object.keys(object), order)) ?? first(Object.entries(object).map(([child, inner]) => () => fault(root, child, inner)));
}

function first(looks: readonly (() => string | null)[]): string | null {
  for (const look of looks) {
    const found = look();
    if (found !== null) return found;
  }
  return null;
}

function disorder(name: string, given: readonly string[], order: readonly string[]): string | null {
  let reached = 0;
  for (const child of given) {
    const place = order.indexOf(child, reached);
    if (place < 0) {
      const expected = order.slice(reached);
      const list = expected.length === 0 ? '' : ` List of possible elements expected: '${expected.join(', ')}' in namespace '${namespace}'.`;
      return `The element '${name}' in namespace '${namespace}' has invalid child element '${child}' in namespace '${namespace}'.${list}`;
    }
    reached = place + 1;
  }
  return null;
}
