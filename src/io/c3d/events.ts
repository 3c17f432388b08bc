import type { RecordingEvent } from '../../data/index.js';
import { findNumber, listAllNumbers, listAllTexts } from './lookup.js';
import type { C3dFile } from './types.js';

/**
 * Events of the EVENT group and of the header, in seconds on the clock of the recording, in order of time. EVENT:TIMES are minutes and
 * seconds since frame 1 of the capture; header events are seconds since the first stored frame (C3D user guide, "EVENT:TIMES" and
 * "Event times").
 * @param start_s time of the first stored frame
 */
export function readEvents(file: C3dFile, start_s: number, notes: string[]): RecordingEvent[] {
  const { records, header } = file;
  const times = listAllNumbers(records, 'EVENT', 'TIMES');
  const labels = listAllTexts(records, 'EVENT', 'LABELS');
  const contexts = listAllTexts(records, 'EVENT', 'CONTEXTS');
  const stated = findNumber(records, 'EVENT', 'USED') ?? 0;
  const count = Math.min(stated, Math.floor(times.length / 2));
  if (stated > count) notes.push(`EVENT:USED says ${stated} events, but ${count} have a time.`);
  const events: RecordingEvent[] = [];
  for (let i = 0; i < count; i++) {
    const side = /^(left|right)$/i.exec((contexts[i] ?? '').trim())?.[1].toLowerCase() as 'left' | 'right' | undefined;
    events.push({
      name: labels[i]?.trim() || 'event',
      time_s: 60 * times[2 * i] + times[2 * i + 1],
      ...(side ? { side } : {}),
    });
  }
  for (const { label, time_s } of header.events) {
    events.push({ name: label.replace(/\0/g, ' ').trim() || 'event', time_s: start_s + time_s });
  }
  if (header.events.length > 0) {
    notes.push(`${header.events.length} events come from the header, which does not say their side.`);
  }
  const timed = events.filter(({ time_s }) => Number.isFinite(time_s));
  if (timed.length < events.length)
    notes.push(`${events.length - timed.length} events have no time and were left out.`);
  return timed.sort((a, b) => a.time_s - b.time_s);
}
