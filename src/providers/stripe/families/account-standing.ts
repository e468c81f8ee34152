import type { JsonObject } from '../../wire/json.ts';
import { asObject, asString, field } from '../../wire/json.ts';
import { invalid } from '../errors.ts';
import type { StripeObject } from '../object.ts';

export interface Account extends StripeObject {
  readonly capabilities: JsonObject;
  readonly metadata: JsonObject;
  readonly tos_acceptance: JsonObject;
}

/** `capabilities[transfers][requested]=true`: what is asked for waits for the account to be complete. */
export function capabilitiesOf(given: JsonObject | null | undefined, before: JsonObject, type: string | null): JsonObject {
  const asked = Object.entries(given ?? {}).flatMap(([name, value]) => {
    const requested = asString(field(asObject(value), 'requested'));
    if (requested !== 'true' && requested !== 'false') throw invalid(`Invalid boolean: ${requested ?? ''}`, { param: `capabilities[${name}][requested]` });
    return [[name, requested] as const];
  });
  // a standard account has both from the beginning
  const start = type === 'standard' ? { card_payments: 'inactive', transfers: 'inactive' } : {};
  const kept = Object.fromEntries(Object.entries({ ...start, ...before }).filter(([name]) => !asked.some(([other, requested]) => other === name && requested === 'false')));
  return { ...kept, ...Object.fromEntries(asked.filter(([name, requested]) => requested === 'true' && kept[name] === undefined).map(([name]) => [name, 'inactive'])) };
}

/** Who answers for the account, by its type; given ones over it. */
export function controllerOf(type: string, given: JsonObject | null | undefined): JsonObject {
  const part = (name: string): JsonObject => asObject(field(given ?? null, name)) ?? {};
  const platform = type === 'custom' || type === 'express';
  return {
    fees: { payer: platform ? `application_${type}` : 'account', ...part('fees') },
    is_controller: true,
    losses: { payments: platform ? 'application' : 'stripe', ...part('losses') },
    requirement_collection: asString(field(given ?? null, 'requirement_collection')) ?? (type === 'custom' ? 'application' : 'stripe'),
    stripe_dashboard: { type: type === 'custom' ? 'none' : type === 'express' ? 'express' : 'full', ...part('stripe_dashboard') },
    type: 'application',
  };
}

/**
 * An account is complete, and gets what it asked for, once the terms are accepted (`tos_acceptance[date]`): the gateway has no
 * hosted onboarding that would find out more.
 */
export function standing(facts: Account): Account {
  const complete = typeof facts.tos_acceptance['date'] === 'number';
  const capabilities = Object.fromEntries(Object.keys(facts.capabilities).map((name) => [name, complete ? 'active' : 'inactive']));
  const due = complete ? [] : ['tos_acceptance.date'];
  const requirements = { alternatives: [], current_deadline: null, currently_due: due, disabled_reason: complete ? null : 'requirements.past_due', errors: [], eventually_due: due, past_due: due, pending_verification: [] };
  return {
    ...facts, capabilities, charges_enabled: capabilities['card_payments'] === 'active', details_submitted: complete, payouts_enabled: complete,
    future_requirements: { ...requirements, currently_due: [], disabled_reason: null, eventually_due: [], past_due: [] }, requirements,
  };
}
