import { isNumber } from './format.js';
import type { Condition, ErrorRow, ModelName, ProtocolName, ReportData } from './types.js';

/** How each protocol is called; `short` fits a column. */
export const protocolNames: { readonly [name in ProtocolName]: { readonly short: string; readonly long: string } } = {
  within: { short: 'within subject', long: 'within subject (other parts of the same person’s trials)' },
  between: { short: 'between subjects', long: 'between subjects (trained on other people, nothing of the tested one)' },
  transfer: {
    short: 'with transfer',
    long: 'between subjects with transfer (trained on others, adapted to the tested one)',
  },
  activity: { short: 'unseen activity', long: 'unseen activity (trained on other activities)' },
  all: { short: 'everybody', long: 'one model of everybody (other parts of the same trials)' },
};

const readingOrder: readonly ProtocolName[] = ['within', 'between', 'transfer', 'activity', 'all'];

/** What a report speaks of first: the protocol that says most about somebody new, of those without a condition of their own. */
const headlineOrder: readonly ProtocolName[] = ['between', 'activity', 'within', 'all', 'transfer'];

/** The protocols of a study in the order to show them; `undefined` stands for that of a study that names none. */
export function listProtocols(data: ReportData): readonly (ProtocolName | undefined)[] {
  const present = new Set(data.errors.map((row) => row.protocol));
  const order = data.protocols?.map(({ name }) => name) ?? readingOrder;
  return [...(present.has(undefined) ? [undefined] : []), ...order.filter((name) => present.has(name))];
}

/** The protocol of the title page, of the traces and the waveforms. */
export function findHeadline(data: ReportData): ProtocolName | undefined {
  return findHeadlineOf(listProtocols(data));
}

/** The same of the protocols that are there. */
export function findHeadlineOf(present: readonly (ProtocolName | undefined)[]): ProtocolName | undefined {
  return present.includes(undefined) ? undefined : headlineOrder.find((name) => present.includes(name));
}

/** ` between subjects`, or nothing where a study names no protocol. */
export function sayProtocol(protocol: ProtocolName | undefined): string {
  return protocol === undefined ? '' : protocolNames[protocol].short;
}

/** Whether an entry is of the study proper: of that protocol, with all of a model's inputs. */
export function isOf(entry: Condition, protocol: ProtocolName | undefined): boolean {
  return entry.protocol === protocol && isWhole(entry);
}

/** Whether a model was given all of its inputs. */
export function isWhole({ inputs }: Condition): boolean {
  return inputs === null || inputs === undefined;
}

/** The errors of a protocol. Of transfer, where one model has many, none: they have a section of their own. */
export function selectErrors(data: ReportData, protocol = findHeadline(data)): ErrorRow[] {
  return protocol === 'transfer' ? [] : data.errors.filter((row) => isOf(row, protocol));
}

/** A way of getting from other people to a new one: a model and its strategy. */
export interface Policy {
  readonly model: ModelName;
  readonly policy: string;
}

/** What belongs to nobody and to one participant is told apart by this. */
export function isPooled(row: { readonly participant?: string | null | undefined }): boolean {
  return row.participant === null || row.participant === undefined;
}

/** Text that tells conditions apart, for keys. */
export function keyCondition({ protocol, adaptation_s, policy, inputs }: Condition): string {
  return JSON.stringify([
    protocol ?? null,
    isNumber(adaptation_s) ? adaptation_s : null,
    policy ?? null,
    inputs ?? null,
  ]);
}
