import { AuditPage, FeedbackCounts, ReceiptPage, RefusalList, Stats, TopicPage } from '../answers/index.ts'
import type { Operations } from './operation.ts'
import { limited, PAGE } from './parameters.ts'

export const reports = {
  '/apps/:app/topics': {
    get: {
      id: 'listTopics',
      summary: 'List the topics of an app',
      description: 'The topics that current devices have, in byte order.',
      query: PAGE,
      answers: { 200: { is: 'A page of topics.', schema: TopicPage } },
      problems: ['app_unknown'],
    },
  },
  '/apps/:app/receipts': {
    get: {
      id: 'listReceipts',
      summary: 'List what devices reported about messages',
      description: 'Kept for `RECEIPT_DAYS`.',
      query: {
        device: 'Only reports of this device, by its id in the gateway; up to 1,000 characters.',
        message: 'Only reports about this message; up to 1,000 characters.',
        ...PAGE,
      },
      answers: { 200: { is: 'A page of reports.', schema: ReceiptPage } },
      problems: ['app_unknown'],
    },
  },
  '/apps/:app/stats': {
    get: {
      id: 'getStats',
      summary: 'Show the totals of an app',
      query: {},
      answers: { 200: { is: 'The totals, and the registrations of the last 30 days.', schema: Stats } },
      problems: ['app_unknown'],
    },
  },
  '/apps/:app/feedback': {
    post: {
      id: 'reportFeedback',
      summary: 'Tell what push services said of tokens',
      description:
        'For whoever sends messages. Takes up to 1,000 rows, as a list or in a document, each about a token or a device. A token that registered after `at` stays alive.',
      query: {},
      body: {
        rows: 'Up to 1,000 rows.',
        token: 'The push token, 1 to 8,192 characters. Either it or `device` is given.',
        device: 'The device’s id in the gateway, 1 to 200 characters.',
        provider: 'The push service of the token; else it is looked for with every one.',
        outcome:
          '`dead` where the push service refused the token for good, `delivered` where the message arrived.',
        at: 'The push service’s own time, ISO 8601 with an offset or Z; else it is now.',
        reason: 'The push service’s words, up to 500 characters.',
      },
      example: {
        rows: [
          {
            token: 'fcm-token-of-a1b2c3:APA91b_0123456789abcdef',
            provider: 'fcm',
            outcome: 'dead',
            at: '2026-11-25T09:30:00.000Z',
            reason: 'UNREGISTERED',
          },
        ],
      },
      answers: { 200: { is: 'What became of the rows.', schema: FeedbackCounts } },
      problems: ['app_unknown'],
    },
  },
} satisfies Operations<`/apps/:app/${'topics' | 'receipts' | 'stats' | 'feedback'}`>

export const logs = {
  '/refusals': {
    get: {
      id: 'listRefusals',
      summary: 'List refused calls of the dialects',
      description:
        'Why phones do not appear: the last 1,000 refusals of this process (on Workers: of this isolate), newest first.',
      query: {
        app: 'Only refusals of this app, by its id; 1 to 200 characters.',
        dialect: 'Only refusals of this dialect.',
        limit: limited(1000, 100),
      },
      answers: { 200: { is: 'The refusals.', schema: RefusalList } },
      problems: [],
    },
  },
  '/audit': {
    get: {
      id: 'listAudit',
      summary: 'List who changed what by this API',
      description: 'Newest first; kept for `HISTORY_DAYS`.',
      query: { app: 'Only changes of this app, by its id; 1 to 200 characters.', ...PAGE },
      answers: { 200: { is: 'A page of the audit.', schema: AuditPage } },
      problems: [],
    },
  },
} satisfies Operations<'/refusals' | '/audit'>
