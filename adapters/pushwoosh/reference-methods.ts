import * as z from 'zod'
import type { MethodRow } from './reference-members.ts'
import {
  APPLICATION,
  DEVICE,
  EMAIL,
  id,
  MESSAGE,
  OF_DEVICE,
  OF_EMAIL,
  OF_MESSAGE,
  OF_TOKEN,
  TOKEN,
  tags,
  text,
} from './reference-members.ts'

/** Answers whose `response` is null, or the tags that were skipped. */
const Skipping = z.union([z.null(), z.looseObject({ skipped: z.array(z.unknown()) })])

/** The content of `request`, by method. */
export const METHOD_ROWS: Readonly<Record<string, MethodRow>> = {
  registerDevice: {
    summary: 'Register or change a device',
    members: {
      ...OF_DEVICE,
      device_type: id.describe(
        '1 iOS, 3 Android, 7 macOS, 8 Windows, 9 Amazon, 11 and 12 browsers, 14 e-mail, 17 Huawei, 18 SMS, 21 WhatsApp.',
      ),
      push_token: text.describe('The token of the push service.'),
      language: text,
      timezone: z.union([z.string(), z.number()]).nullish(),
      tags: tags.nullish(),
    },
    example: { ...DEVICE, device_type: 3, push_token: 'example-fcm-token', language: 'en', timezone: 3600 },
  },
  unregisterDevice: { summary: 'Remove the token from a device', members: OF_DEVICE, example: DEVICE },
  deleteDevice: { summary: 'Delete a device', members: OF_DEVICE, example: DEVICE },
  checkDevice: {
    summary: 'Check whether a device is registered',
    members: OF_DEVICE,
    example: DEVICE,
    answer: z.strictObject({ exist: z.boolean(), push_token_exist: z.boolean() }),
    response: { exist: true, push_token_exist: true },
    after: ['registerDevice'],
  },
  applicationOpen: { summary: 'Report that the app was opened', members: OF_DEVICE, example: DEVICE },
  setBadge: {
    summary: 'Report the badge number',
    members: { ...OF_DEVICE, badge: z.int().min(0) },
    example: { ...DEVICE, badge: 3 },
  },
  setMADID: {
    summary: 'Set the advertising id',
    members: { ...OF_DEVICE, madid: text.describe('The advertising id; null removes it.') },
    example: { ...DEVICE, madid: '0193a1b2-0000-4000-8000-000000000001' },
  },
  registerEmail: {
    summary: 'Register an e-mail address',
    members: { ...OF_EMAIL, tags: tags.nullish() },
    example: EMAIL,
  },
  registerEmailUser: {
    summary: 'Bind a user to an e-mail address',
    members: { ...OF_EMAIL, userId: id },
    example: { ...EMAIL, userId: 'jane' },
  },
  setEmailTags: {
    summary: 'Set tags of an e-mail address',
    members: { ...OF_EMAIL, tags },
    example: { ...EMAIL, tags: { Plan: 'gold' } },
    answer: Skipping,
    response: null,
  },
  deleteEmail: { summary: 'Delete an e-mail address', members: OF_EMAIL, example: EMAIL },
  setTags: {
    summary: 'Set tags of a device, or of a user if there is no hwid',
    members: { ...APPLICATION, hwid: text, userId: id.nullish(), tags },
    example: { ...DEVICE, tags: { Plan: 'gold' } },
    answer: Skipping,
    response: null,
  },
  getTags: {
    summary: 'Show the tags of a device, or of a user if there is no hwid',
    members: { ...APPLICATION, hwid: text, userId: id.nullish() },
    example: DEVICE,
    answer: z.strictObject({ result: z.record(z.string(), z.unknown()) }),
    response: { result: { Plan: 'gold' } },
    after: ['setTags'],
  },
  registerUser: {
    summary: 'Bind a user to a device',
    members: { ...OF_DEVICE, userId: id.nullish().describe('The user; empty or the hwid means no user.') },
    example: { ...DEVICE, userId: 'jane' },
  },
  mergeUser: {
    summary: 'Move the devices of a user to another user',
    members: {
      ...OF_DEVICE,
      oldUserId: id,
      newUserId: id,
      merge: z.union([z.boolean(), z.number()]).nullish(),
    },
    example: { ...DEVICE, oldUserId: 'jane', newUserId: 'jane-2', merge: true },
  },
  pushStat: {
    summary: 'Report that a message was opened',
    members: {
      ...OF_DEVICE,
      hash: text.describe('The hash that came with the message.'),
      metaData: z.unknown().optional(),
    },
    example: { ...DEVICE, hash: 'example-hash' },
  },
  messageDeliveryEvent: {
    summary: 'Report that a message was delivered',
    members: {
      ...OF_DEVICE,
      hash: text.describe('The hash that came with the message.'),
      metaData: z.unknown().optional(),
    },
    example: { ...DEVICE, hash: 'example-hash' },
  },
  postEvent: {
    summary: 'Report an event',
    members: {
      ...OF_DEVICE,
      event: z.string().min(1).max(512),
      attributes: z.record(z.string(), z.unknown()).nullish(),
    },
    example: { ...DEVICE, event: 'Opened', attributes: {} },
  },
  setPurchase: {
    summary: 'Report a purchase',
    members: {
      ...OF_DEVICE,
      productIdentifier: text,
      price: z.union([z.string(), z.number()]).nullish(),
      transactionDate: z.union([z.string(), z.number()]).nullish(),
    },
    example: { ...DEVICE, productIdentifier: 'gold', price: 9.99 },
  },
  getConfig: {
    summary: 'Get the SDK start-up settings',
    members: APPLICATION,
    example: DEVICE,
    answer: z.strictObject({
      features: z.strictObject({
        vapid_key: z.string(),
        subscription_prompt: z.strictObject({ use_case: z.string() }),
      }),
    }),
    response: { features: { vapid_key: 'BNc…', subscription_prompt: { use_case: 'not-set' } } },
  },
  getInboxMessages: {
    summary: 'Show the inbox (always empty)',
    members: OF_DEVICE,
    example: DEVICE,
    answer: z.strictObject({
      messages: z.array(z.unknown()).max(0),
      next: z.literal(''),
      deleted: z.array(z.unknown()).max(0),
      new_inbox: z.literal(0),
    }),
    response: { messages: [], next: '', deleted: [], new_inbox: 0 },
  },
  getInApps: {
    summary: 'Show the in-app messages (always empty)',
    members: OF_DEVICE,
    example: DEVICE,
    answer: z.strictObject({ inApps: z.array(z.unknown()).max(0) }),
    response: { inApps: [] },
  },
  getPopupForms: {
    summary: 'Show the popup forms (always empty)',
    members: APPLICATION,
    example: DEVICE,
    answer: z.strictObject({ popup_forms: z.array(z.unknown()).max(0) }),
    response: { popup_forms: [] },
  },
  getNearestZone: {
    summary: 'Show nearby geozones (always empty)',
    members: OF_DEVICE,
    example: DEVICE,
    answer: z.strictObject({ geozones: z.array(z.unknown()).max(0) }),
    response: { geozones: [] },
  },
  ...Object.fromEntries(
    [
      ...['inboxStatus', 'triggerInAppAction', 'richMediaAction', 'pageVisit', 'recordPopupFormEvent'],
      ...['createTestDevice', 'setActivityToken', 'setActivityPushToStartToken'],
    ].map((name) => [name, { summary: `Accept ${name} (no effect)`, members: OF_DEVICE, example: DEVICE }]),
  ),
  multiRegisterDevice: {
    summary: 'Register several devices at once',
    members: {
      ...APPLICATION,
      push_devices: z
        .array(z.looseObject({ hwid: z.string(), platform: id, push_token: text }))
        .max(1000)
        .nullish(),
      email: text,
      sms_phone_number: text,
      whatsapp_phone_number: text,
      user_id: id.nullish(),
      tags: tags.nullish(),
    },
    example: {
      application: 'ABCDE-12345',
      push_devices: [{ hwid: 'example-hwid', platform: 3, push_token: 'example-fcm-token' }],
    },
  },
  createMessage: {
    summary: 'Send messages',
    members: {
      ...APPLICATION,
      ...OF_TOKEN,
      notifications: z
        .array(z.looseObject({ send_date: z.unknown().optional(), content: z.unknown().optional() }))
        .max(100),
    },
    example: {
      application: 'ABCDE-12345',
      ...TOKEN,
      notifications: [{ send_date: 'now', content: 'There is news.' }],
    },
    answer: z.strictObject({
      Messages: z.array(z.string()),
      UnknownDevices: z.record(z.string(), z.array(z.string())).optional(),
    }),
    response: { Messages: ['ABCD-0123456789'] },
    gives: { 'MESSAGE-CODE': 'response.Messages.0' },
  },
  createTargetedMessage: {
    summary: 'Send a message to devices that match a filter',
    members: {
      ...OF_TOKEN,
      devices_filter: z.string(),
      content: z.unknown().optional(),
      send_date: z.unknown().optional(),
    },
    example: { ...TOKEN, devices_filter: 'A("ABCDE-12345")', send_date: 'now', content: 'There is news.' },
    answer: z.strictObject({ messageCode: z.string() }),
    response: { messageCode: 'ABCD-0123456789' },
  },
  deleteMessage: {
    summary: 'Delete a message from the record',
    members: OF_MESSAGE,
    example: MESSAGE,
    after: ['createMessage'],
  },
  cancelMessage: {
    summary: 'Cancel a message',
    members: OF_MESSAGE,
    example: MESSAGE,
    after: ['createMessage'],
  },
  getMessageDetails: {
    summary: 'Show a message',
    members: OF_MESSAGE,
    example: MESSAGE,
    answer: z.strictObject({
      message: z.strictObject({
        code: z.string(),
        status: z.enum(['waiting', 'processing', 'done', 'canceled']),
        created: z.string(),
        send_date: z.string(),
        application: z.string(),
        platforms: z.array(z.string()),
        content: z.unknown(),
        devices: z.array(z.string()).nullable(),
      }),
    }),
    after: ['createMessage'],
  },
  getMsgStats: {
    summary: 'Request the statistics of a message',
    members: OF_MESSAGE,
    example: MESSAGE,
    answer: z.strictObject({ request_id: z.string() }),
    response: { request_id: 'ABCD-0123456789' },
    after: ['createMessage'],
  },
  getResults: {
    summary: 'Show requested statistics',
    members: { ...OF_TOKEN, request_id: z.string() },
    example: { ...TOKEN, request_id: 'MESSAGE-CODE' },
    answer: z.strictObject({
      formatter: z.literal('hourly'),
      rows: z.array(z.strictObject({ datetime: z.string(), action: z.string(), count: z.int() })),
    }),
    response: { formatter: 'hourly', rows: [{ datetime: '2026-11-25 12:00:00', action: 'send', count: 1 }] },
    after: ['createMessage'],
  },
}
