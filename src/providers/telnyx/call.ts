/** A call as it is remembered. */
export interface StoredCall {
  readonly call: {
    readonly record_type: 'call';
    readonly call_control_id: string;
    readonly call_leg_id: string;
    readonly call_session_id: string;
    readonly is_alive: boolean;
    readonly client_state?: string;
  };
  readonly startsAt: number;
  /** null: it ends by itself */
  readonly endedAt: number | null;
  readonly from: string;
  readonly to: string;
  readonly connection_id: string;
  readonly webhook_url: string | null;
}
