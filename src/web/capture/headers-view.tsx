import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Headers } from '../../model/exchange.ts';

/** Header fields in their order, as they came. */
export function HeadersView({ headers, filter = true }: { readonly headers: Headers; readonly filter?: boolean }): ReactNode {
  const [text, setText] = useState('');
  const wanted = text.toLowerCase();
  const shown = headers.filter(([name, value]) => `${name}: ${value}`.toLowerCase().includes(wanted));
  if (headers.length === 0) return <p className="dim">No headers.</p>;
  return (
    <div className="headers-view">
      {filter && headers.length > 8 && <input type="search" className="input" aria-label="Filter the headers" placeholder="Filter headers" value={text} onChange={(event) => { setText(event.target.value); }} />}
      <table className="pairs">
        <thead className="visually-hidden"><tr><th scope="col">Name</th><th scope="col">Value</th></tr></thead>
        <tbody>{shown.map(([name, value], index) => <tr key={`${index} ${name}`}><th scope="row">{name}</th><td>{value}</td></tr>)}</tbody>
      </table>
    </div>
  );
}
