import { parsePhoneNumberFromString, validatePhoneNumberLength } from 'libphonenumber-js';
import type { CountryCode, PhoneNumber } from 'libphonenumber-js';
import { jsonReply } from '../wire/reply.ts';
import { notFound } from './error.ts';
import { one } from './route.ts';
import type { Call, Route } from './route.ts';

/** A number as callers write one, its plus and blanks escaped or not; no escape that hides a slash. */
const number = '/PhoneNumbers/((?=[^/]*\\d)(?:[\\w+(). -]|%2[0Bb89])+)';

/** Questions about a number: nobody is reached. What the answers say of carriers is made up. https://www.twilio.com/docs/lookup */
export const lookupRoutes: readonly Route[] = [
  {
    product: 'lookups', method: 'GET', path: new RegExp(`^/v1${number}$`), operation: 'lookups.v1.fetch',
    answer: async (call) => {
      const { known } = asked(call);
      if (known === null || !known.isValid()) return { reply: notFound(call.request.path) };
      const types = call.fields.filter(([name]) => name === 'Type').map(([, value]) => value);
      return {
        reply: jsonReply(200, {
          caller_name: types.includes('caller-name') ? { caller_name: null, caller_type: null, error_code: null } : null,
          country_code: known.country ?? null, phone_number: known.number, national_format: known.formatNational(),
          carrier: types.includes('carrier') ? { mobile_country_code: '310', mobile_network_code: '000', name: 'Staging', type: 'mobile', error_code: null } : null,
          add_ons: null, url: `https://lookups.twilio.com/v1/PhoneNumbers/${known.number}`,
        }),
      };
    },
  },
  {
    product: 'lookups', method: 'GET', path: new RegExp(`^/v2${number}$`), operation: 'lookups.fetch',
    answer: async (call) => {
      const { text, known, wrong } = asked(call);
      const wanted = (one(call.fields, 'Fields') ?? '').split(',').map((field) => field.trim());
      const shown = known === null || wrong === 'INVALID_COUNTRY_CODE' ? null : known;
      return {
        reply: jsonReply(200, {
          calling_country_code: shown?.countryCallingCode ?? null, country_code: shown?.country ?? null, phone_number: shown?.number ?? text,
          national_format: shown?.formatNational() ?? null, valid: wrong === null, validation_errors: wrong === null ? [] : [wrong],
          caller_name: wanted.includes('caller_name') ? { caller_name: null, caller_type: null, error_code: null } : null,
          line_type_intelligence: wanted.includes('line_type_intelligence') && wrong === null
            ? { mobile_country_code: '310', mobile_network_code: '000', carrier_name: 'Staging', type: 'mobile', error_code: null } : null,
          sim_swap: null, call_forwarding: null, line_status: null, identity_match: null, reassigned_number: null, sms_pumping_risk: null,
          phone_number_quality_score: null, pre_fill: null, url: `https://lookups.twilio.com/v2/PhoneNumbers/${shown?.number ?? encodeURIComponent(text)}`,
        }),
      };
    },
  },
];

interface Asked {
  readonly text: string;
  readonly known: PhoneNumber | null;
  /** what Twilio says is wrong with it */
  readonly wrong: string | null;
}

function asked({ ids: [encoded = ''], fields }: Call): Asked {
  const text = decodeURIComponent(encoded);
  const country = /^[A-Z]{2}$/.exec(one(fields, 'CountryCode') ?? '')?.[0] as CountryCode | undefined;
  const known = parsePhoneNumberFromString(text, country) ?? null;
  if (known?.isValid() === true) return { text, known, wrong: null };
  const length = validatePhoneNumberLength(text, country);
  return { text, known, wrong: length === undefined ? 'INVALID_BUT_POSSIBLE' : length === 'INVALID_COUNTRY' ? 'INVALID_COUNTRY_CODE' : length };
}
