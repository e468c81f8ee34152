/** Texts of the processor's answers. https://developer.paypal.com/braintree/docs/reference/general/processor-responses/authorization-responses */
const texts: Readonly<Record<string, string>> = {
  1000: 'Approved', 2000: 'Do Not Honor', 2001: 'Insufficient Funds', 2002: 'Limit Exceeded', 2003: "Cardholder's Activity Limit Exceeded", 2004: 'Expired Card', 2005: 'Invalid Credit Card Number',
  2006: 'Invalid Expiration Date', 2007: 'No Account', 2008: 'Card Account Length Error', 2009: 'No Such Issuer', 2010: 'Card Issuer Declined CVV', 2011: 'Voice Authorization Required',
  2012: 'Processor Declined - Possible Lost Card', 2013: 'Processor Declined - Possible Stolen Card', 2014: 'Processor Declined - Fraud Suspected', 2015: 'Transaction Not Allowed', 2016: 'Duplicate Transaction',
  2017: 'Cardholder Stopped Billing', 2018: 'Cardholder Stopped All Billing', 2019: 'Invalid Transaction', 2020: 'Violation', 2021: 'Security Violation', 2022: 'Declined - Updated Cardholder Available',
  2023: 'Processor Does Not Support This Feature', 2024: 'Card Type Not Enabled', 2038: 'Processor Declined', 2043: 'Error - Do Not Retry, Call Issuer', 2044: 'Declined - Call Issuer', 2046: 'Declined',
  2047: 'Call Issuer. Pick Up Card.', 2053: 'Card reported as lost or stolen', 2057: 'Issuer or Cardholder has put a restriction on the card', 2059: 'Address Verification Failed',
  2060: 'Address Verification and Card Security Code Failed', 3000: 'Processor Network Unavailable - Try Again', 4001: 'Settlement Declined', 4002: 'Settlement Pending', 4003: 'Settlement Confirmed',
};

/** What a failure rule may have the bank say. */
export const declines = ['2000', '2001', '2002', '2003', '2004', '2005', '2006', '2007', '2010', '2012', '2013', '2014', '2015', '2038', '2044', '2046', '2047', '2057', '3000'] as const;

export interface Response { readonly code: string; readonly text: string }

export function response(code: string): Response {
  return { code, text: texts[code] ?? 'Processor Declined' };
}
