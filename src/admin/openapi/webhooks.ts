import {
  DeliveryPage,
  FeedWebhook,
  RevealedFeedWebhook,
  RevealedWebhook,
  WebhookList,
} from '../answers/index.ts'
import type { Operations } from './operation.ts'
import { PAGE } from './parameters.ts'

const URL_TEXT =
  'Where its calls go: `http:` or `https:`, up to 1,000 characters, no user. Private addresses are refused unless `ALLOW_PRIVATE_TARGETS` is on.'
const KINDS = 'The kinds of event that it is told of; null: all.'
const AFTER =
  'Where it begins: a `cursor` of an event, `start` for all that is kept, or `latest` for what happens from now on.'

export const webhooks = {
  '/apps/:app/webhooks': {
    get: {
      id: 'listWebhooks',
      summary: 'List the webhooks of an app',
      description:
        'Those of the feed, which operators set up here, and those that back ends set up in dialects; with how their receivers do.',
      query: {},
      answers: { 200: { is: 'All of them.', schema: WebhookList } },
      problems: ['app_unknown'],
    },
    post: {
      id: 'createWebhook',
      summary: 'Tell an address the events of an app',
      description: [
        'Each event is one POST, signed according to Standard Webhooks, with `type`, `timestamp`, `app` and, as `data`, the event as `listEvents` shows it. `Webhook-Id` is the same at each attempt and each replay.',
        'Events of a device come in their order. What is not taken is tried again for about a day while the rest goes on, but for the events of its device; then it is dead, and listed. There may be 10 for an app.',
      ].join('\n\n'),
      query: {},
      body: {
        name: 'What operators call it: 1 to 200 characters, unique in the app.',
        url: URL_TEXT,
        events: KINDS,
        secret: 'What signs its calls: `whsec_` and the base64 of 24 to 64 bytes. Left out, it is made.',
        after: `${AFTER} Left out: \`latest\`.`,
      },
      example: {
        name: 'crm',
        url: 'https://crm.example.com/pushport',
        events: ['registered', 'userChanged', 'dead'],
        after: 'latest',
      },
      answers: { 201: { is: 'The webhook, with its secret.', schema: RevealedFeedWebhook } },
      problems: ['app_unknown', 'conflict', 'limit'],
    },
  },
  '/apps/:app/webhooks/:webhook': {
    get: {
      id: 'revealWebhook',
      summary: 'Show a webhook with its secret',
      query: {},
      answers: {
        200: {
          is: 'The webhook, with the secret that signs its calls.',
          schema: [RevealedFeedWebhook, RevealedWebhook],
        },
      },
      problems: ['app_unknown', 'not_found'],
    },
    patch: {
      id: 'changeWebhook',
      summary: 'Change a webhook of the feed, pause it or let it go on',
      query: {},
      body: {
        url: URL_TEXT,
        events: KINDS,
        paused: '`true` stops its calls; `false` lets them go on where they stopped, whyever that was.',
      },
      example: { events: null, paused: true },
      answers: { 200: { is: 'The webhook as it is now.', schema: FeedWebhook } },
      problems: ['app_unknown', 'not_found'],
    },
    delete: {
      id: 'removeWebhook',
      summary: 'Remove a webhook of the feed',
      query: {},
      answers: { 204: { is: 'It is gone; a call that is under way still arrives.' } },
      problems: ['app_unknown', 'not_found'],
    },
  },
  '/apps/:app/webhooks/:webhook/replay': {
    post: {
      id: 'replayWebhook',
      summary: 'Tell a webhook of the feed again what happened',
      description:
        'Everything behind a place, or since a time, in order and with the same ids; a stop ends. What waits or is dead behind the place is told with the rest.',
      query: {},
      body: {
        after: AFTER,
        since: 'Instead: what happened at this time or later, as far as it is kept.',
      },
      example: { since: '2026-11-25T09:00:00.000Z' },
      answers: { 200: { is: 'The webhook as it is now.', schema: FeedWebhook } },
      problems: ['app_unknown', 'not_found', 'conflict'],
    },
  },
  '/apps/:app/webhooks/:webhook/deliveries': {
    get: {
      id: 'listDeliveries',
      summary: 'List the events that a webhook of the feed has not taken',
      query: {
        ...PAGE,
        state: {
          is: 'Those that are tried again (`waiting`), or not any more (`dead`).',
          schema: { type: 'string', enum: ['waiting', 'dead'], default: 'dead' },
        },
      },
      answers: { 200: { is: 'A page of them.', schema: DeliveryPage } },
      problems: ['app_unknown', 'not_found'],
    },
  },
  '/apps/:app/webhooks/:webhook/deliveries/:delivery/replay': {
    post: {
      id: 'replayDelivery',
      summary: 'Try a dead delivery once more',
      description:
        'With the device as it is by now. One that is about no single device would undo what was told after it: replay the webhook from its place.',
      query: {},
      answers: { 204: { is: 'It waits again.' } },
      problems: ['app_unknown', 'not_found'],
    },
  },
} satisfies Operations<
  | '/apps/:app/webhooks'
  | '/apps/:app/webhooks/:webhook'
  | '/apps/:app/webhooks/:webhook/replay'
  | '/apps/:app/webhooks/:webhook/deliveries'
  | '/apps/:app/webhooks/:webhook/deliveries/:delivery/replay'
>
