/** One row of the append-only log. `seq` orders everything and feeds the live view. 'gap' is no row: a reader is told that those after `data.after` and up to this seq are no longer kept. */
export interface Event {
  readonly seq: number;
  readonly at: string;
  readonly kind: 'recorded' | 'outcome' | 'enriched' | 'changed' | 'deleted' | 'run' | 'tripped' | 'policy' | 'instance' | 'tls-rejected' | 'dns-asked' | 'ca' | 'store-error' | 'gap';
  readonly capture: string | null;
  readonly run: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}
