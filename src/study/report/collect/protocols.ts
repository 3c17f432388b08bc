import type { Study } from '../../schema.js';
import { joinWords } from '../format.js';
import type { ProtocolName } from '../types.js';

/** The protocols to name in a report: none in a study of one participant within, which has nothing to tell apart. */
export function listStudyProtocols({ protocols, participants }: Study): readonly ProtocolName[] {
  return protocols.length === 1 && protocols[0] === 'within' && participants.length === 1 ? [] : protocols;
}

/** What was trained on and what was tested on, in one sentence without its full stop. */
export function describeProtocol(study: Study, protocol: ProtocolName): string {
  const { split, between, transfer, participants } = study;
  const percent = Math.round(100 * split.validation);
  const stop = `the last ${percent} % of each training part stops the training and chooses the ridge penalty`;
  const parts =
    split.train_first === undefined
      ? `on ${split.train?.join(', ')}, tested on ${split.test?.join(', ')}`
      : `on the first ${Math.round(100 * split.train_first)} % of each trial, tested on the rest`;
  const others =
    between.folds === undefined || between.folds >= participants.length
      ? 'all other participants'
      : `the participants of other groups (${between.folds} groups)`;
  switch (protocol) {
    case 'within':
      return `Within each participant: trained ${parts}; ${stop}`;
    case 'between':
      return `Between participants: trained on ${others}, tested on all trials of the one left out; ${stop}`;
    case 'activity':
      return `Between activities: trained on the other activities of everybody, tested on the one left out; ${stop}`;
    case 'transfer':
      return `With transfer: trained on ${others}, adapted with ${joinWords(transfer.seconds.map(String))} s of each activity of the one left out, tested on that participant’s test parts (${parts})`;
    case 'all':
      return 'One model of everybody';
  }
}
