import { FailurePage, Message, MessagePage, MessageReport, Rehearsal, Would } from '../answers/index.ts'
import type { Operations } from './operation.ts'
import { DRY_RUN, flag, PAGE } from './parameters.ts'

/** Members that mean the same everywhere stand by their name. */
const BODY = {
  title: 'The title: a text, or texts by language tag with `default`; up to 10,000 characters each.',
  subtitle: 'The line below the title, as `title`.',
  body: 'The text, as `title`.',
  icon: 'The small picture: an address, or a name in the app.',
  image: 'The address of a large picture.',
  color: 'The accent, `#RRGGBB` or `#AARRGGBB`.',
  sound: 'The name of a sound in the app, or `default`.',
  badge: 'The number on the app’s icon, or a change of it such as `+1`.',
  link: 'What a tap opens.',
  data: 'What the app gets with it. Members that a push service refuses are left out, and listed as `ignored`.',
  silent: 'Wakes the app and shows nothing.',
  ttl: 'For how many seconds push services may keep trying; 28 days where left out.',
  priority: 'How urgent it is: `high` where left out, `normal` for silent messages.',
  collapseKey: 'Messages with the same key replace each other.',
  category: 'The buttons that the app has for it.',
  channel: 'The channel of notifications on Android.',
  group: 'Messages of one group are shown together.',
  overrides:
    'By push service, what is merged into its payload (RFC 7396), last but for what the SDK on the phone needs.',
  fcm: 'Merged into FCM’s `message`.',
  apns: 'Merged into APNs’ payload.',
  webpush: 'Merged into what the service worker reads.',
  wns: 'Merged into what Windows gets.',
  audience: 'Whom it is for: exactly one of the lists or `all`, or a filter alone.',
  all: 'Everybody.',
  topics: 'Subscribers of any of these topics, up to 1,000.',
  users: 'The devices of these users, up to 1,000.',
  devices: 'These devices, up to 1,000, by the ids that their dialects know (`externalId`).',
  tokens: 'The phones with these push tokens, up to 1,000, in any form in which they may be written.',
  platforms: 'Only these platforms.',
  filter:
    'Only devices that match: `{"tag", "in": […]}`, `{"tag", "from"?, "to"?, "by"?: "version"}`, `{"tag", "set"}`, `{"topic"}` or `{"platforms": […]}`, put together by `{"all": […]}`, `{"any": […]}` and `{"not"}`; up to 200 conditions. `{"daysAgo": 7}` stands for the start of that day in UTC.',
  schedule: 'When it is sent; at once where left out.',
  at: 'When: ISO 8601 with an offset or Z; without one with `localTime`. What is past is now.',
  localTime: 'Whether `at` is the time on each phone’s own clock, or UTC where its time zone is unknown.',
  every: 'Repeats it every so many seconds, each time to whoever belongs to the audience then.',
  until: 'When the repeats end.',
  envelope: 'Only devices of this dialect.',
  idempotencyKey:
    'The same call with the same key is the same message for seven days; with another body it is a conflict.',
  dryRun: 'Sends and keeps nothing, and answers 200 with the audience and the payloads.',
}

export const messages = {
  '/apps/:app/messages': {
    post: {
      id: 'sendMessage',
      summary: 'Send a message',
      description:
        'To devices of all dialects, one message a phone, in the form of the SDK that was last seen on it. It is kept before it is answered, and sent afterwards.',
      query: { dryRun: flag('As `dryRun` in the body.') },
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
        200: { is: 'With `dryRun`: what it would be.', schema: Rehearsal },
        202: { is: 'The message.', schema: Message, headers: { Location: 'The message’s address.' } },
      },
      problems: ['app_unknown', 'conflict'],
    },
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
