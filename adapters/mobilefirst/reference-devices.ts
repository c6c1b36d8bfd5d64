import type { Operation, Parameter } from '../../src/reference/reference.ts'
import {
  Device,
  Devices,
  FoundSubscription,
  RegisteredDevice,
  Subscribed,
  Subscription,
  Subscriptions,
  Unsubscribed,
} from './reference-answers.ts'
import {
  answered,
  DEVICE,
  EXPAND,
  exact,
  FILTER,
  GONE,
  HREF,
  operation,
  PAGE_INFO,
  PAGING,
} from './reference-parts.ts'
import { Registration, Subscribing, Update } from './reference-schemas.ts'

const DEVICE_ID: Parameter = { is: 'The device id.', example: 'example-device' }
const OWN = 'An app on a device can access only its own device.'

const devices: readonly Operation[] = [
  operation({
    id: 'registerDevice',
    method: 'POST',
    rest: '/devices',
    scope: 'devices.write',
    mobile: true,
    summary: 'Register a device',
    description: `A known id keeps its registration. The device is subscribed to \`Push.ALL\`. ${OWN}`,
    body: {
      schema: Registration,
      example: { deviceId: 'example-device', token: 'example-fcm-token', platform: 'G' },
    },
    answers: [
      ...answered(201, 'The device, which is new.', RegisteredDevice, { ...DEVICE, userAgent: '' }),
      ...answered(200, 'The device, which was known.', RegisteredDevice, { ...DEVICE, userAgent: '' }),
    ],
  }),
  operation({
    id: 'listDevices',
    method: 'GET',
    rest: '/devices',
    scope: 'devices.read',
    summary: 'List devices',
    section: 'mobilefirst, section 5.4',
    parameters: {
      ...PAGING,
      filter: FILTER,
      expand: EXPAND,
      deviceId: exact('id'),
      userId: exact('user'),
      token: exact('token'),
      platform: exact('platform'),
    },
    answers: answered(200, 'Devices.', Devices, { devices: [DEVICE], pageInfo: PAGE_INFO }),
    errors: ['badOffset', 'badSize', 'badValue'],
    after: ['registerDevice'],
  }),
  operation({
    id: 'getDevice',
    method: 'GET',
    rest: '/devices/{device}',
    scope: 'devices.read',
    mobile: true,
    summary: 'Show a device',
    description: OWN,
    parameters: { device: DEVICE_ID },
    answers: answered(200, 'The device.', Device, DEVICE),
    after: ['registerDevice'],
  }),
  operation({
    id: 'updateDevice',
    method: 'PUT',
    rest: '/devices/{device}',
    scope: 'devices.write',
    mobile: true,
    summary: 'Change a device',
    description: `Absent members keep their value. ${OWN}`,
    parameters: { device: DEVICE_ID },
    body: { schema: Update, example: { userId: 'jane' } },
    answers: answered(200, 'The device.', Device, { ...DEVICE, userId: 'jane' }),
    after: ['registerDevice'],
  }),
  operation({
    id: 'deleteDevice',
    method: 'DELETE',
    rest: '/devices/{device}',
    scope: 'devices.write',
    mobile: true,
    summary: 'Delete a device',
    description: OWN,
    parameters: { device: DEVICE_ID },
    answers: GONE,
    after: ['registerDevice'],
  }),
]

const SUBSCRIPTION = {
  deviceId: 'example-device',
  tagName: 'news',
  subscriptionId: '0193a1b2-0000-7000-8000-000000000001',
  userId: 'anonymous',
  href: `${HREF}/subscriptions/0193a1b2-0000-7000-8000-000000000001`,
}
const UNKNOWN = {
  tags: '[weather]',
  message: 'The requested resource "weather" was not found.',
  code: 'FPWSE0001E',
}
const SUBSCRIPTION_ID: Parameter = { is: 'The id of the subscription.', example: SUBSCRIPTION.subscriptionId }
const named = (name: string, example: string): Parameter => ({
  in: 'query',
  is: `The ${name}.`,
  example,
  required: true,
})

const subscriptions: readonly Operation[] = [
  operation({
    id: 'subscribe',
    method: 'POST',
    rest: '/subscriptions',
    scope: 'subscriptions.write',
    mobile: true,
    summary: 'Subscribe a device to a tag',
    description: `Takes one \`tagName\` or several \`tagNames\`; with \`?action=delete\` it unsubscribes from them. ${OWN}`,
    section: 'mobilefirst, section 5.3',
    parameters: { action: { in: 'query', is: 'Empty or `delete`.', example: '' } },
    body: {
      schema: Subscribing,
      example: { deviceId: 'example-device', tagName: 'news' },
      others: {
        'Subscribe to several tags': {
          example: { deviceId: 'example-device', tagNames: ['news'] },
          status: 201,
        },
        'Subscribe to several tags of which some are unknown': {
          example: { deviceId: 'example-device', tagNames: ['news', 'weather'] },
          status: 207,
        },
        'Leave several tags': {
          example: { deviceId: 'example-device', tagNames: ['news'] },
          query: { action: 'delete' },
          status: 200,
          after: ['subscribe'],
        },
      },
    },
    answers: [
      {
        status: 201,
        is: 'The new subscription, or all of them in `subscribed`.',
        schema: Subscription.or(Subscribed),
        example: SUBSCRIPTION,
      },
      {
        status: 200,
        is: 'The existing subscription, or the deleted ones in `unsubscribed`.',
        schema: Subscription.or(Unsubscribed),
        example: { unsubscribed: [SUBSCRIPTION] },
      },
      {
        status: 207,
        is: 'Some of the tags failed.',
        schema: Subscribed.or(Unsubscribed),
        example: { subscribed: [SUBSCRIPTION], tagsNotFound: UNKNOWN },
      },
    ],
    after: ['createTag', 'registerDevice'],
    gives: { subscription: 'subscriptionId' },
  }),
  operation({
    id: 'listSubscriptions',
    method: 'GET',
    rest: '/subscriptions',
    scope: 'subscriptions.read',
    mobile: true,
    summary: 'List subscriptions',
    description: 'An app on a device must filter by its own device.',
    section: 'mobilefirst, section 5.4',
    parameters: {
      ...PAGING,
      filter: FILTER,
      expand: EXPAND,
      deviceId: { ...exact('device'), example: 'example-device' },
      userId: exact('user'),
      tagName: exact('tag'),
    },
    answers: answered(200, 'Subscriptions, and their devices.', Subscriptions, {
      subscriptions: [SUBSCRIPTION],
      devices: [DEVICE],
      pageInfo: PAGE_INFO,
    }),
    errors: ['badOffset', 'badSize', 'badValue'],
    after: ['subscribe'],
  }),
  operation({
    id: 'unsubscribe',
    method: 'DELETE',
    rest: '/subscriptions',
    scope: 'subscriptions.write',
    mobile: true,
    anyType: true,
    summary: 'Unsubscribe a device from a tag',
    description: OWN,
    section: 'mobilefirst, section 5.3',
    parameters: { deviceId: named('device', 'example-device'), tagName: named('tag', 'news') },
    answers: GONE,
    errors: ['missingQuery', 'subscriptionUnknown'],
    after: ['subscribe'],
  }),
  operation({
    id: 'getSubscription',
    method: 'GET',
    rest: '/subscriptions/{subscription}',
    scope: 'subscriptions.read',
    anyType: true,
    summary: 'Show a subscription',
    section: 'mobilefirst, section 5.3',
    parameters: { subscription: SUBSCRIPTION_ID },
    answers: answered(200, 'The subscription, and its device.', FoundSubscription, {
      ...SUBSCRIPTION,
      devices: [DEVICE],
      pageInfo: PAGE_INFO,
    }),
    errors: ['subscriptionUnknown'],
    after: ['subscribe'],
  }),
  operation({
    id: 'deleteSubscription',
    method: 'DELETE',
    rest: '/subscriptions/{subscription}',
    scope: 'subscriptions.write',
    anyType: true,
    summary: 'Delete a subscription',
    section: 'mobilefirst, section 5.3',
    parameters: { subscription: SUBSCRIPTION_ID },
    answers: GONE,
    errors: ['subscriptionUnknown'],
    after: ['subscribe'],
  }),
]

export const onDevices: readonly Operation[] = [...devices, ...subscriptions]
