import type { ForwardPlan } from '../model/decision.ts';
import type { HttpRequest, HttpResponse } from '../model/exchange.ts';
import type { Call, House } from './call.ts';
import { unforwardable } from './forwardable.ts';

/** Only then is a body never read: nobody here could read it, nothing of the call is changed, and no provider's host is meant, on whatever port. */
export function mayPass(house: Pick<House, 'claims'>, call: Call<HttpResponse>, plan: ForwardPlan): call is Call<HttpResponse> & { readonly request: HttpRequest } {
  return call.request.kind === 'http' && call.provider === null && call.fault === null
    && plan.rewrites.length === 0 && plan.via === null
    && unforwardable(call.request, plan) === null && house.claims.owner(call.request.authority.host) === null;
}
