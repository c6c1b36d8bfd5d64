import { FeedPage } from '../answers/index.ts'
import type { Operations } from './operation.ts'
import { limited } from './parameters.ts'

export const feed = {
  '/apps/:app/events': {
    get: {
      id: 'listEvents',
      summary: 'Follow what happens to the devices of an app',
      description: [
        'Every event once, in an order that does not change; kept for `HISTORY_DAYS`. Each comes with the device as it is by now, so that it replaces what the reader has.',
        'Where `device` is null and `deviceId` is not, the device has gone; `erased` and `gone` name those that went in `detail.devices`; `topicRemoved` takes `detail.topic` from all devices of its dialect.',
        'Whoever applies the feed from a `complete` start this way holds what an export holds, but for times of change and of the last call. With `Accept: text/event-stream` the answer is a stream of server-sent events that ends after five minutes; `Last-Event-ID` goes on.',
      ].join('\n\n'),
      query: {
        after: {
          is: 'Where to begin: `next` or a `cursor`, as it was, `start`, or `latest` for what happens from now on. Left out: `start`.',
          schema: { type: 'string' },
        },
        limit: limited(100, 50),
        wait: {
          is: 'For how many seconds to wait where nothing is there yet, up to 25; while 100 others wait, the answer comes at once.',
          schema: { type: 'integer', minimum: 0, maximum: 25, default: 0 },
        },
      },
      answers: { 200: { is: 'A page of the feed.', schema: FeedPage, stream: 'text/event-stream' } },
      problems: ['app_unknown', 'conflict'],
    },
  },
} satisfies Operations<'/apps/:app/events'>
