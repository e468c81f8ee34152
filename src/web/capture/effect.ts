import type { Capture } from '../../model/capture.ts';

/** A decoded side effect as it comes over the API: plain JSON whose fields depend on its channel (model/side-effect.ts). */
export type Effect = Readonly<Record<string, unknown>>;

export function effectsOf(capture: Capture): readonly Effect[] {
  return capture.decoded.kind === 'effects' ? capture.decoded.effects : [];
}

export function effectOf(capture: Capture, channel: string): Effect | null {
  return effectsOf(capture).find((effect) => effect['channel'] === channel) ?? null;
}

export function textField(effect: Effect | null, name: string): string | null {
  const value = effect?.[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

export function listField(effect: Effect, name: string): readonly string[] {
  const value = effect[name];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}
