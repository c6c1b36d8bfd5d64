import { FeedPage } from '../answers/index.ts'
import type { Operations } from './operation.ts'
import { limited } from './parameters.ts'

export const feed = {
  '/apps/:app/events': {
    get: {
      id: 'listEvents',
      summary: 'Read the event feed of an app',
      description: [
        'All events of the app’s devices, once each and in a fixed order; kept for `HISTORY_DAYS`. Each event has the current state of its device, which replaces the reader’s copy.',
        'If `device` is null and `deviceId` is not, the device was deleted. `erased` and `gone` list deleted devices in `detail.devices`; `topicRemoved` removes `detail.topic` from all devices of its dialect.',
        'A reader that starts from a `complete` feed and applies every event has the same data as an export, except for the times of the last change and the last call. With `Accept: text/event-stream` the answer is a stream of server-sent events that ends after five minutes; `Last-Event-ID` resumes it.',
      ].join('\n\n'),
      query: {
        after: {
          is: 'Where to begin: an unchanged `next` or `cursor`, `start`, or `latest` for new events only. The default is `start`.',
          schema: { type: 'string' },
        },
        limit: limited(100, 50),
        wait: {
          is: 'How many seconds to wait if there is no event yet, up to 25. If 100 other calls are waiting, the answer comes at once.',
          schema: { type: 'integer', minimum: 0, maximum: 25, default: 0 },
        },
      },
      answers: { 200: { is: 'A page of the feed.', schema: FeedPage, stream: 'text/event-stream' } },
      problems: ['app_unknown', 'conflict'],
    },
  },
} satisfies Operations<'/apps/:app/events'>
