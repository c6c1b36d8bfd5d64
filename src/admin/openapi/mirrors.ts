import { MirrorDiffPage, MirrorSignature, MirrorSummary } from '../answers/index.ts'
import type { Operations } from './operation.ts'
import { PAGE } from './parameters.ts'

export const mirrors = {
  '/apps/:app/mirror/:dialect/summary': {
    get: {
      id: 'getMirrorSummary',
      summary: 'Show the counts of a mirror',
      description:
        'Counts all calls by the hour since the mode or the URL of the mirror last changed, regardless of the share of bodies that is stored. All counts are zero for a dialect without a mirror.',
      query: {},
      answers: { 200: { is: 'The counts, and the differences between both sides.', schema: MirrorSummary } },
      problems: ['app_unknown', 'not_found'],
    },
  },
  '/apps/:app/mirror/:dialect/diffs': {
    get: {
      id: 'listMirrorDiffs',
      summary: 'List calls that both sides answered differently',
      description:
        'Newest first: up to 100 for each signature, kept for `keepDays` of the mirror. Push tokens, keys and the ids of devices and users are masked; equal values have equal masks.',
      query: {
        route: 'Only calls of this route, by its name in the summary; 1 to 200 characters.',
        signature: 'Only calls with this signature.',
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
      summary: 'Accept a difference, or stop accepting it',
      description:
        'Calls with an accepted signature are still counted, but no longer count against turning the vendor off.',
      query: {},
      body: {
        accepted: 'Whether the difference is acceptable.',
        note: 'The reason, up to 500 characters.',
      },
      example: { accepted: true, note: 'No client of ours reads this member.' },
      answers: { 200: { is: 'The signature.', schema: MirrorSignature } },
      problems: ['app_unknown', 'not_found'],
    },
  },
} satisfies Operations<`/apps/:app/mirror/:dialect/${'summary' | 'diffs' | 'signatures/:signature'}`>
