import { AuditPage, FeedbackCounts, ReceiptPage, RefusalList, Stats, TopicPage } from '../answers/index.ts'
import type { Operations } from './operation.ts'
import { limited, PAGE } from './parameters.ts'

export const reports = {
  '/apps/:app/topics': {
    get: {
      id: 'listTopics',
      summary: 'List the topics of an app',
      description: 'The topics of current devices, in byte order.',
      query: PAGE,
      answers: { 200: { is: 'A page of topics.', schema: TopicPage } },
      problems: ['app_unknown'],
    },
  },
  '/apps/:app/receipts': {
    get: {
      id: 'listReceipts',
      summary: 'List delivery and open reports from devices',
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
      summary: 'Report feedback from push services about tokens',
      description:
        'For systems that send messages themselves. Takes up to 1,000 rows, as a list or as `rows` of an object, each about a token or a device. A token that registered after `at` stays valid.',
      query: {},
      body: {
        rows: 'Up to 1,000 rows.',
        token: 'The push token, 1 to 8,192 characters. Give either it or `device`.',
        device: 'The device’s id in the gateway, 1 to 200 characters.',
        provider:
          'The push service of the token; by default the token is looked up under every push service.',
        outcome:
          '`dead` if the push service permanently refused the token, `delivered` if the message arrived.',
        at: 'The time from the push service, ISO 8601 with an offset or Z; now by default.',
        reason: 'The reason from the push service, up to 500 characters.',
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
      answers: { 200: { is: 'The number of rows by result.', schema: FeedbackCounts } },
      problems: ['app_unknown'],
    },
  },
} satisfies Operations<`/apps/:app/${'topics' | 'receipts' | 'stats' | 'feedback'}`>

export const logs = {
  '/refusals': {
    get: {
      id: 'listRefusals',
      summary: 'List refused calls of SDKs and back ends',
      description:
        'Shows why phones do not appear: the last 1,000 refusals of this process (on Workers, this isolate), newest first.',
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
      summary: 'List the audit log of this API',
      description: 'Newest first; kept for `HISTORY_DAYS`.',
      query: { app: 'Only changes of this app, by its id; 1 to 200 characters.', ...PAGE },
      answers: { 200: { is: 'A page of the audit log.', schema: AuditPage } },
      problems: [],
    },
  },
} satisfies Operations<'/refusals' | '/audit'>
