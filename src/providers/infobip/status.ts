/** What is said of a message. https://www.infobip.com/docs/essentials/api-essentials/response-status-and-error-codes */
export interface Status { readonly groupId: number; readonly groupName: string; readonly id: number; readonly name: string; readonly description: string }
interface Failure { readonly groupId: number; readonly groupName: string; readonly id: number; readonly name: string; readonly description: string; readonly permanent: boolean }

export const accepted: Status = { groupId: 1, groupName: 'PENDING', id: 26, name: 'PENDING_ACCEPTED', description: 'Message sent to next instance' };
export const enroute: Status = { groupId: 1, groupName: 'PENDING', id: 7, name: 'PENDING_ENROUTE', description: 'Message sent to next instance' };
export const badDestination: Status = { groupId: 5, groupName: 'REJECTED', id: 52, name: 'REJECTED_DESTINATION', description: 'Invalid destination address.' };

const none: Failure = { groupId: 0, groupName: 'OK', id: 0, name: 'NO_ERROR', description: 'No Error', permanent: false };

/** Groups of final statuses, by which an event is named, each with its usual status. */
export const events = ['DELIVERED', 'UNDELIVERABLE', 'EXPIRED', 'REJECTED'] as const;
export type EventName = typeof events[number];

const ends: Readonly<Record<EventName, { readonly status: Status; readonly error: Failure }>> = {
  DELIVERED: { status: { groupId: 3, groupName: 'DELIVERED', id: 5, name: 'DELIVERED_TO_HANDSET', description: 'Message delivered to handset' }, error: none },
  UNDELIVERABLE: {
    status: { groupId: 2, groupName: 'UNDELIVERABLE', id: 9, name: 'UNDELIVERABLE_NOT_DELIVERED', description: 'Message sent not delivered' },
    error: { groupId: 1, groupName: 'HANDSET_ERRORS', id: 27, name: 'EC_ABSENT_SUBSCRIBER', description: 'Absent Subscriber', permanent: false },
  },
  EXPIRED: { status: { groupId: 4, groupName: 'EXPIRED', id: 15, name: 'EXPIRED_EXPIRED', description: 'Message expired' }, error: none },
  REJECTED: { status: { groupId: 5, groupName: 'REJECTED', id: 6, name: 'REJECTED_NETWORK', description: 'Network is forbidden' }, error: none },
};

/** @param detail a name of the same group ('REJECTED_DESTINATION_NOT_REGISTERED'), or words */
export function endOf(name: EventName, detail: string | null): { readonly status: Status; readonly error: Failure } {
  const { status, error } = ends[name];
  if (detail === null) return { status, error };
  return /^[A-Z]+_[A-Z_]+$/.test(detail) ? { status: { ...status, name: detail, description: detail }, error } : { status: { ...status, description: detail }, error };
}
