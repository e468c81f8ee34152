import type { Capture } from '../../model/capture.ts';
import { CodeBlock } from '../ui/code-block.tsx';
import type { Tab } from '../ui/tabs.tsx';
import { AttachmentsView } from './attachments-view.tsx';
import { CallbacksView, hasCallbacks } from './callbacks-view.tsx';
import { CodesView } from './codes-view.tsx';
import { effectOf, effectsOf, textField } from './effect.ts';
import { HeadersView } from './headers-view.tsx';
import { MailView } from './mail-view.tsx';
import { MessageView } from './message-view.tsx';
import { PaymentView } from './payment-view.tsx';
import { RawView } from './raw-view.tsx';
import { ReplyView } from './reply-view.tsx';
import { RequestView } from './request-view.tsx';
import { TextView } from './text-view.tsx';
import { WhyView } from './why-view.tsx';

/** What there is to see, the customer's view first. Why, and the call as it came, are always there. */
export function tabsFor(capture: Capture): readonly Tab[] {
  const callbacks = hasCallbacks(capture) ? [{ id: 'callbacks', label: 'Callbacks', count: capture.callbacks.length, show: () => <CallbacksView capture={capture} /> }] : [];
  return [...contentTabs(capture), ...callbacks, { id: 'why', label: 'Why', count: capture.findings.length, show: () => <WhyView capture={capture} /> }, ...wireTabs(capture)];
}

function contentTabs(capture: Capture): readonly Tab[] {
  const email = effectOf(capture, 'email');
  if (email !== null || capture.request.kind === 'mail') {
    const html = capture.content?.html ?? textField(email, 'html');
    const text = capture.content?.text ?? textField(email, 'text');
    const attachments = capture.content?.attachments ?? [];
    return [
      ...(html === null ? [] : [{ id: 'mail', label: 'Mail', show: () => <MailView id={capture.id} /> }]),
      { id: 'text', label: 'Text', show: () => <TextView text={text} enrichment={capture.enrichment} /> },
      ...(html === null ? [] : [{ id: 'source', label: 'HTML', show: () => <TextView text={html} enrichment={capture.enrichment} source /> }]),
      ...(capture.codes.length + capture.links.length === 0 ? [] : [{ id: 'codes', label: 'Links & codes', count: capture.codes.length + capture.links.length, show: () => <CodesView codes={capture.codes} links={capture.links} /> }]),
      ...(attachments.length === 0 ? [] : [{ id: 'attachments', label: 'Attachments', count: attachments.length, show: () => <AttachmentsView attachments={attachments} /> }]),
      ...(capture.request.kind === 'mail' ? [{ id: 'headers', label: 'Headers', show: () => <HeadersView headers={capture.request.headers} /> }] : []),
    ];
  }
  if (effectOf(capture, 'payment') !== null) return [{ id: 'payment', label: 'Payment', show: () => <PaymentView capture={capture} /> }];
  const messages = effectsOf(capture).filter((effect) => ['sms', 'chat', 'push', 'voice', 'verification'].includes(String(effect['channel'])));
  if (messages.length === 0) return [];
  return [
    { id: 'message', label: 'Message', show: () => <MessageView capture={capture} effects={messages} /> },
    ...(capture.codes.length + capture.links.length === 0 ? [] : [{ id: 'codes', label: 'Links & codes', count: capture.codes.length + capture.links.length, show: () => <CodesView codes={capture.codes} links={capture.links} /> }]),
  ];
}

function wireTabs(capture: Capture): readonly Tab[] {
  if (capture.request.kind === 'mail') {
    const { transcript } = capture.request;
    return [
      { id: 'raw', label: 'Raw', show: () => <RawView capture={capture} /> },
      ...(transcript === undefined || transcript === null ? [] : [{ id: 'session', label: 'SMTP session', show: () => <CodeBlock text={transcript} label="SMTP session" /> }]),
    ];
  }
  return [
    { id: 'request', label: 'Request', show: () => <RequestView capture={capture} /> },
    ...(capture.reply === null ? [] : [{ id: 'reply', label: 'Reply', show: () => <ReplyView reply={capture.reply} /> }]),
  ];
}
