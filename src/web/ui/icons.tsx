import type { ReactNode } from 'react';

/** Drawn on a 16 by 16 grid with the text's colour; always beside words or a label, so hidden from screen readers. */
function Icon({ children }: { readonly children: ReactNode }): ReactNode {
  return <svg className="icon" viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">{children}</svg>;
}

const shapes = {
  email: <><rect x="1.8" y="3.2" width="12.4" height="9.6" rx="1.6" /><path d="m2.4 4.6 5.6 4.2 5.6-4.2" /></>,
  sms: <><path d="M3.4 2.6h9.2a1.6 1.6 0 0 1 1.6 1.6v5a1.6 1.6 0 0 1-1.6 1.6H7.4l-3.2 2.6v-2.6h-.8a1.6 1.6 0 0 1-1.6-1.6v-5a1.6 1.6 0 0 1 1.6-1.6Z" /><path d="M5.2 6.7h.01M8 6.7h.01M10.8 6.7h.01" strokeWidth="1.8" /></>,
  voice: <path d="M4.2 2.2 6 5.4 4.7 6.7a9 9 0 0 0 4.6 4.6l1.3-1.3 3.2 1.8c-.1 1.3-1 2.2-2.3 2.2C6.600 13.600 2.400 9.400 2 4.500c0-1.300.900-2.200 2.200-2.300Z" />,
  push: <><path d="M4 11.200V7.200a4 4 0 0 1 8 0v4l1.200 1.300H2.800Z" /><path d="M6.700 14.300h2.600" /></>,
  chat: <><path d="M2.600 2.400h6.800a1.200 1.200 0 0 1 1.200 1.200v3.600a1.200 1.200 0 0 1-1.200 1.200H5.600L3.400 10.200V8.400h-.8A1.200 1.200 0 0 1 1.400 7.200V3.600a1.200 1.200 0 0 1 1.200-1.200Z" /><path d="M12.400 6.200h1a1.200 1.200 0 0 1 1.200 1.200v3.400a1.200 1.200 0 0 1-1.200 1.200h-.6v1.600l-2-1.600H7.600" /></>,
  payment: <><rect x="1.6" y="3.200" width="12.800" height="9.600" rx="1.600" /><path d="M1.600 6.300h12.800M4.200 10h2.600" /></>,
  verification: <><circle cx="5.200" cy="8" r="3" /><path d="M8.200 8h6.200M12 8v2.600M14.400 8v1.800" /></>,
  http: <><circle cx="8" cy="8" r="6.200" /><path d="M1.800 8h12.400M8 1.800c4 4 4 8.400 0 12.400-4-4-4-8.400 0-12.400Z" /></>,
  search: <><circle cx="7" cy="7" r="4.600" /><path d="m10.600 10.600 3.600 3.600" /></>,
  close: <path d="m3.600 3.600 8.800 8.800M12.400 3.600l-8.800 8.800" />,
  pin: <path d="M8 10.400v4M4.600 10.400h6.800l-1.200-2.600.4-5H5.400l.4 5Z" />,
  tag: <><path d="M2 7.200V2.600A.6.6 0 0 1 2.600 2h4.600l6.600 6.600a1 1 0 0 1 0 1.400l-3.800 3.800a1 1 0 0 1-1.400 0Z" /><path d="M5 5h.01" strokeWidth="2" /></>,
  trash: <path d="M2.600 4.200h10.800M6.200 4V2.400h3.600V4M4 4.200l.6 9.400h6.800l.6-9.400M6.700 7v4M9.300 7v4" />,
  download: <path d="M8 2v8M4.800 7 8 10.200 11.200 7M2.400 13.600h11.200" />,
  copy: <><rect x="5.400" y="5.400" width="8.400" height="8.400" rx="1.400" /><path d="M10.600 5.200V3.600a1.400 1.400 0 0 0-1.400-1.400H3.600a1.400 1.400 0 0 0-1.400 1.400v5.600a1.400 1.400 0 0 0 1.400 1.400h1.600" /></>,
  check: <path d="m3 8.600 3.200 3.200L13 4.600" />,
  filter: <path d="M1.800 3.200h12.400L9.600 8.800v4.400l-3.200-1.400v-3Z" />,
  flag: <path d="M3.200 14.400V2.400h8.600l-1.800 3.200 1.800 3.200H3.200" />,
  clip: <path d="m13 7.400-5.400 5.400a3.200 3.200 0 0 1-4.600-4.600l5.700-5.600a2.100 2.100 0 0 1 3 3L6.200 11.100a1 1 0 0 1-1.500-1.500l4.900-4.800" />,
  help: <><circle cx="8" cy="8" r="6.200" /><path d="M6.200 6.200a1.900 1.900 0 1 1 2.600 1.800c-.5.200-.8.600-.8 1.100v.3M8 11.600h.01" /></>,
  theme: <><circle cx="8" cy="8" r="6" /><path d="M8 2a6 6 0 0 1 0 12Z" fill="currentColor" stroke="none" /></>,
  back: <path d="M9.800 3 4.800 8l5 5" />,
  eye: <><path d="M1.400 8S3.800 3.600 8 3.600 14.600 8 14.600 8 12.200 12.400 8 12.400 1.400 8 1.400 8Z" /><circle cx="8" cy="8" r="1.900" /></>,
  note: <><path d="M3 2h7.400L13 4.600V14H3Z" /><path d="M5.400 7h5.200M5.400 10h3.600" /></>,
} as const;

export type IconName = keyof typeof shapes;

export function Glyph({ name }: { readonly name: IconName }): ReactNode {
  return <Icon>{shapes[name]}</Icon>;
}

const channelNames: Readonly<Record<string, string>> = {
  email: 'Email', sms: 'SMS', voice: 'Voice call', push: 'Push', chat: 'Chat', payment: 'Payment', verification: 'Verification',
};

export function channelName(channel: string | null): string {
  return channel === null ? 'HTTP call' : channelNames[channel] ?? channel;
}

export function ChannelIcon({ channel }: { readonly channel: string | null }): ReactNode {
  const name: IconName = channel !== null && channel in channelNames ? channel as IconName : 'http';
  return <span className="channel" data-channel={channel ?? 'none'} role="img" aria-label={channelName(channel)} title={channelName(channel)}><Glyph name={name} /></span>;
}
