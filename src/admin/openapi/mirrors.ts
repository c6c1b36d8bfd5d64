import { MirrorDiffPage, MirrorSignature, MirrorSummary } from '../answers/index.ts'
import type { Operations } from './operation.ts'
import { PAGE } from './parameters.ts'

export const mirrors = {
  '/apps/:app/mirror/:dialect/summary': {
    get: {
      id: 'getMirrorSummary',
      summary: 'Show what a mirror has seen',
      description:
        'Counted by the hour, since mode or address of the mirror last changed, whatever share of the bodies is kept. Zeros for a dialect without a mirror.',
      query: {},
      answers: { 200: { is: 'What was counted, and how both sides differ.', schema: MirrorSummary } },
      problems: ['app_unknown', 'not_found'],
    },
  },
  '/apps/:app/mirror/:dialect/diffs': {
    get: {
      id: 'listMirrorDiffs',
      summary: 'List calls on which both sides differed',
      description:
        'Newest first: up to 100 for each signature, kept for `keepDays` of the mirror. Push tokens, keys and whoever a call is about are masked, and equal ones stay equal.',
      query: {
        route: 'Only calls of this route, by its name in the summary; 1 to 200 characters.',
        signature: 'Only calls that differ in this way.',
        severity: 'Only calls of this severity.',
        ...PAGE,
      },
      answers: { 200: { is: 'A page of calls.', schema: MirrorDiffPage } },
      problems: ['app_unknown', 'not_found'],
    },
  },
  '/apps/:app/mirror/:dialect/signatures/:signature': {
    post: {
      id: 'judgeMirrorSignature',
      summary: 'Say whether a difference is a fault',
      description:
        'Calls with an accepted signature are still counted, and no longer speak against turning the vendor off.',
      query: {},
      body: {
        accepted: 'Whether it is none.',
        note: 'Why, up to 500 characters.',
      },
      example: { accepted: true, note: 'No client of ours reads this member.' },
      answers: { 200: { is: 'The signature.', schema: MirrorSignature } },
      problems: ['app_unknown', 'not_found'],
    },
  },
} satisfies Operations<`/apps/:app/mirror/:dialect/${'summary' | 'diffs' | 'signatures/:signature'}`>
