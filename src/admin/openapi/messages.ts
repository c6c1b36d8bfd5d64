import { FailurePage, MessagePage, MessageReport, Would } from '../answers/index.ts'
import type { Operations } from './operation.ts'
import { DRY_RUN, PAGE } from './parameters.ts'

export const messages = {
  '/apps/:app/messages': {
    get: {
      id: 'listMessages',
      summary: 'List the messages of an app',
      description:
        'Newest first: those that its back ends sent by the calls of its dialects, and those of operators.',
      query: { state: 'Only messages in this state.', ...PAGE },
      answers: { 200: { is: 'A page of messages.', schema: MessagePage } },
      problems: ['app_unknown'],
    },
  },
  '/apps/:app/messages/:message': {
    get: {
      id: 'getMessage',
      summary: 'Show a message and what became of it',
      query: {},
      answers: { 200: { is: 'The message, with its counts.', schema: MessageReport } },
      problems: ['app_unknown', 'not_found'],
    },
    delete: {
      id: 'cancelMessage',
      summary: 'Cancel a message',
      description:
        'What has not been sent is not sent, and repeats end; what is under way this very moment may still arrive. The message and its counts stay. Cancelled twice is cancelled.',
      query: DRY_RUN,
      answers: {
        200: { is: 'With `dryRun`: that it would be cancelled.', schema: Would },
        204: { is: 'The message is cancelled.' },
      },
      problems: ['app_unknown', 'not_found', 'conflict'],
    },
  },
  '/apps/:app/messages/:message/failures': {
    get: {
      id: 'listMessageFailures',
      summary: 'List the phones that a message did not reach',
      query: PAGE,
      answers: { 200: { is: 'A page of failures.', schema: FailurePage } },
      problems: ['app_unknown', 'not_found'],
    },
  },
} satisfies Operations<`/apps/:app/messages${'' | '/:message' | '/:message/failures'}`>
