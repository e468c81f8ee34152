import type { Capture, CaptureSummary } from '../model/capture.ts';

/** The part of a capture that a list shows. */
export function summaryOf(capture: Capture): CaptureSummary {
  const { request: _request, reply: _reply, decoded: _decoded, content: _content, decision: _decision, callbacks: _callbacks, redactions: _redactions, ...summary } = capture;
  return summary;
}
