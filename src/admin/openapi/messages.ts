import { FailurePage, Message, MessagePage, MessageReport, Rehearsal, Would } from '../answers/index.ts'
import type { Operations } from './operation.ts'
import { DRY_RUN, flag, PAGE } from './parameters.ts'

/** Members with the same meaning everywhere are listed by name only. */
const BODY = {
  title:
    'The title: one text, or an object with a `default` text and texts by language tag; up to 10,000 characters each.',
  subtitle: 'The line below the title, in the form of `title`.',
  body: 'The text, in the form of `title`.',
  icon: 'The icon: a URL, or the name of a resource in the app.',
  image: 'The URL of a large picture.',
  color: 'The accent color, `#RRGGBB` or `#AARRGGBB`.',
  sound: 'The name of a sound in the app, or `default`.',
  badge: 'The number on the app icon, or a change of it such as `+1`.',
  link: 'The URL that a tap opens.',
  data: 'Data for the app. Members that a push service does not accept are removed and listed as `ignored`.',
  silent: 'Wakes the app without showing a notification.',
  ttl: 'For how many seconds push services try to deliver it; 28 days by default.',
  priority: 'The priority. The default is `high`, and `normal` for silent messages.',
  collapseKey: 'Messages with the same key replace each other.',
  category: 'The category, with which the app defines the action buttons.',
  channel: 'The notification channel on Android.',
  group: 'Messages with the same group are shown together.',
  overrides:
    'Merged into the payload of each push service (RFC 7396). Only what the SDK on the phone needs takes precedence.',
  fcm: 'Merged into FCM’s `message`.',
  apns: 'Merged into APNs’ payload.',
  webpush: 'Merged into the payload that the service worker reads.',
  wns: 'Merged into the payload for Windows.',
  audience: 'The recipients: exactly one of the lists or `all`, or only a filter.',
  all: 'All devices of the app.',
  topics: 'Subscribers of any of these topics, up to 1,000.',
  users: 'The devices of these users, up to 1,000.',
  devices: 'These devices, up to 1,000, by their ids in the dialect (`externalId`).',
  tokens: 'The phones with these push tokens, up to 1,000, in any notation.',
  platforms: 'Only these platforms.',
  filter:
    'Only devices that match: `{"tag", "in": […]}`, `{"tag", "from"?, "to"?, "by"?: "version"}`, `{"tag", "set"}`, `{"topic"}` or `{"platforms": […]}`, combined with `{"all": […]}`, `{"any": […]}` and `{"not"}`; up to 200 conditions. `{"daysAgo": 7}` stands for the start of that day in UTC.',
  schedule: 'When it is sent; immediately by default.',
  at: 'The time: ISO 8601 with an offset or Z, or with neither if `localTime` is set. A time in the past means now.',
  localTime: 'Whether `at` is in the time zone of each phone; UTC if its time zone is unknown.',
  every: 'The number of seconds between repeats. The audience is determined anew each time.',
  until: 'The time after which it is not repeated.',
  envelope: 'Only devices of this dialect.',
  idempotencyKey:
    'For seven days, a call with the same key and body returns the same message; with another body it is a conflict.',
  dryRun: 'Sends and stores nothing; the answer is 200 with the audience and the payloads.',
}

export const messages = {
  '/apps/:app/messages': {
    post: {
      id: 'sendMessage',
      summary: 'Send a message',
      description:
        'Sends to devices of all dialects, once per phone, in the format of the SDK that called last from it. The message is stored before the call is answered, and sent afterwards.',
      query: { dryRun: flag('The same as `dryRun` in the body.') },
      body: BODY,
      example: {
        title: { default: 'Your order', de: 'Ihre Bestellung' },
        body: 'It has been shipped.',
        data: { order: '7' },
        ttl: 86_400,
        audience: { users: ['ann'] },
        idempotencyKey: 'order-7-shipped',
      },
      answers: {
        200: { is: 'With `dryRun`: the audience and the payloads.', schema: Rehearsal },
        202: { is: 'The message.', schema: Message, headers: { Location: 'The URL of the message.' } },
      },
      problems: ['app_unknown', 'conflict'],
    },
    get: {
      id: 'listMessages',
      summary: 'List the messages of an app',
      description:
        'Newest first: messages sent by back ends through a dialect, and by operators through this API.',
      query: { state: 'Only messages in this state.', ...PAGE },
      answers: { 200: { is: 'A page of messages.', schema: MessagePage } },
      problems: ['app_unknown'],
    },
  },
  '/apps/:app/messages/:message': {
    get: {
      id: 'getMessage',
      summary: 'Show a message and its results',
      query: {},
      answers: { 200: { is: 'The message, with its counts.', schema: MessageReport } },
      problems: ['app_unknown', 'not_found'],
    },
    delete: {
      id: 'cancelMessage',
      summary: 'Cancel a message',
      description:
        'Nothing more is sent and repeats end; notifications being sent at this moment may still arrive. The message and its counts stay. Cancelling a cancelled message has no effect.',
      query: DRY_RUN,
      answers: {
        200: { is: 'With `dryRun`: what would be cancelled.', schema: Would },
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
