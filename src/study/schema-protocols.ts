import { z } from 'zod';
import { networkKinds } from '../estimator/index.js';
import { type TransferStrategyName, transferStrategyNames } from '../learn/index.js';

/** Questions that a study asks of its recordings; each has its own folds, and its own guard against leaks. */
export const protocolNames = ['within', 'between', 'activity', 'transfer'] as const;
export type ProtocolName = (typeof protocolNames)[number];

export const protocols = z
  .array(z.enum(protocolNames))
  .min(1)
  .default(['within'])
  .describe(
    'What is asked. within: models of each participant, tested on that participant (split). between: trained on other participants, tested on those left out. activity: trained on the other activities of everybody, tested on the one left out. transfer: trained on other participants, adapted with seconds of the one left out, tested on that one (split).',
  );

export const between = z
  .strictObject({
    folds: z
      .number()
      .int()
      .min(2)
      .optional()
      .describe(
        'Participants are left out in so many groups, in turn; where left out, one participant at a time. Groups follow the order of the participants.',
      ),
  })
  .describe('How participants are left out, in the protocols between and transfer.');

/** Compared where a study names no policies. */
const usualPolicies: readonly TransferStrategyName[] = ['none', 'from-scratch', 'head', 'all', 'l2-sp'];

export const transfer = z
  .strictObject({
    seconds: z
      .array(z.number().positive())
      .min(1)
      .default([5, 20, 60])
      .describe(
        'Seconds of each activity of the new participant to adapt with, taken from the start of the training parts (split); where there is less, all of it.',
      ),
    policies: z
      .array(z.enum(transferStrategyNames as [TransferStrategyName, ...TransferStrategyName[]]))
      .min(1)
      .default([...usualPolicies])
      .describe(
        'How networks are adapted; see docs/learn.md. none and from-scratch are what the others are to be held against.',
      ),
    models: z
      .array(z.enum(networkKinds))
      .min(1)
      .optional()
      .describe('Which networks are adapted; where left out, the main model of the study.'),
    validation: z.number().gt(0).lt(0.5).default(0.25).describe('Last share of the seconds that stops the adaptation.'),
    steps: z
      .number()
      .int()
      .min(1)
      .default(300)
      .describe('Steps of an adaptation at most, in whole passes over its windows.'),
    batch: z.number().int().min(2).default(64).describe('Windows in a mini-batch of an adaptation.'),
    learning_rate: z
      .number()
      .positive()
      .default(0.001)
      .describe('Learning rate of what starts from the weights of others; from-scratch has that of the training.'),
  })
  .describe('The protocol transfer.');
