import * as z from 'zod'

/** Counts and flags are texts, because SDKs read them as texts. */
const time = z.iso.datetime()
const count = z.string().regex(/^\d+$/)
const link = z.url()

const device = {
  deviceId: z.string(),
  token: z.string(),
  platform: z.string(),
  userId: z.string().describe('`anonymous` if there is none.'),
  phoneNumber: z.string().optional(),
  createdMode: z.literal('API'),
  createdTime: time,
  lastUpdatedTime: time,
  href: link,
}
export const Device = z.strictObject(device)
export const RegisteredDevice = z.strictObject({ ...device, userAgent: z.string() })
export const PageInfo = z.strictObject({
  count: count.describe('The number of items on this page.'),
  totalCount: count,
  next: z.string().describe('The next page; empty if there is none.'),
  previous: z.string().describe('The previous page; empty if there is none.'),
})
export const Devices = z.strictObject({ devices: z.array(Device), pageInfo: PageInfo })

const subscription = {
  deviceId: z.string(),
  tagName: z.string(),
  subscriptionId: z.string(),
  userId: z.string(),
  href: link,
}
export const Subscription = z.strictObject(subscription)
export const FoundSubscription = z.strictObject({
  ...subscription,
  devices: z.array(Device),
  pageInfo: PageInfo,
})
export const Subscriptions = z.strictObject({
  subscriptions: z.array(Subscription),
  devices: z.array(Device).describe('The devices of this page, each once.'),
  pageInfo: PageInfo,
})
const Problem = z.strictObject({
  tags: z
    .union([z.string(), z.array(z.string())])
    .describe('`[a, b]` as a string; a list for the IBM Cloud SDKs.'),
  message: z.string(),
  code: z.string(),
})
export const Subscribed = z.strictObject({
  subscribed: z.array(Subscription),
  subscriptionExists: Problem.optional(),
  tagsNotFound: Problem.optional(),
})
export const Unsubscribed = z.strictObject({
  unsubscribed: z.array(Subscription),
  subscriptionNotExists: Problem.optional(),
  tagsNotFound: Problem.optional(),
})

const tag = {
  name: z.string(),
  description: z.string(),
  createdMode: z.literal('API'),
  createdTime: time,
  lastUpdatedTime: time,
  href: link,
}
export const Tag = z.strictObject(tag)
export const Tags = z.strictObject({
  tags: z.array(z.strictObject({ ...tag, subscriptionCount: count.optional() })),
  pageInfo: PageInfo,
})

export const Accepted = z.strictObject({
  message: z
    .looseObject({ message: z.looseObject({ alert: z.string() }) })
    .describe('The message as it was sent.'),
  messageId: z.string(),
})
export const Message = z.strictObject({
  messageId: z.string(),
  alert: z.string(),
  createdTime: time,
  href: link,
})
export const Messages = z.strictObject({ messages: z.array(Message) })
export const MessageStatus = z.strictObject({
  messageId: z.string(),
  status: z.enum(['Accepted', 'Processing', 'Dispatching', 'Dispatched', 'Failed', 'Unknown']),
})
export const DeliveryStatus = z.strictObject({
  deliveryStatus: z.array(
    z.strictObject({
      deviceId: z.string(),
      userId: z.string(),
      platform: z.string(),
      status: z
        .enum(['Sent', 'Seen', 'Open', 'Invalid'])
        .describe('`Invalid`: the push service no longer knows the device’s token.'),
    }),
  ),
  pageInfo: PageInfo,
})
export const Reported = z.strictObject({
  messageId: z.string(),
  deviceId: z.string(),
  status: z.enum(['SEEN', 'OPEN']),
})

const enabled = z.enum(['true', 'false'])
export const Application = z.strictObject({ applicationId: z.string(), enabled })
export const ApplicationStatus = z.strictObject({ enabled })
export const Applications = z.strictObject({
  applications: z.array(z.strictObject({ applicationId: z.string() })),
  pageInfo: PageInfo,
})

export const Settings = z.strictObject({
  applicationId: z.string(),
  apnsConf: link,
  gcmConf: link,
  wnsConf: link,
  mode: z.enum(['SANDBOX', 'PRODUCTION']),
})
export const Apns = z.strictObject({ certificate: z.string(), isSandBox: enabled, validUntil: time })
export const Gcm = z.strictObject({ apiKey: z.string(), senderId: z.string() })
export const GcmPublic = z.strictObject({ senderId: z.string() })
export const Wns = z.strictObject({ clientSecret: z.string(), packageSID: z.string() })
export const Sms = z.strictObject({
  host: z.string(),
  port: z.string().optional(),
  name: z.string().optional(),
  programName: z.string().optional(),
  parameters: z.array(z.looseObject({ name: z.string() })).optional(),
})

export const Webhook = z.strictObject({ name: z.string(), url: link, eventTypes: z.string(), href: link })
export const Webhooks = z.strictObject({ webhooks: z.array(Webhook), pageInfo: PageInfo })

export const Health = z.strictObject({ status: z.literal('UP') })
export const Token = z.strictObject({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int(),
  scope: z.string(),
})
export const Nothing = z.strictObject({})
export const Preauthorized = z.strictObject({
  successes: z.strictObject({ clockSynchronization: z.strictObject({ serverTimeStamp: z.int() }) }),
})
export const Code = z.strictObject({ code: z.string() })
export const Registration = z.strictObject({
  registration: z.looseObject({ device: z.looseObject({}), application: z.looseObject({}) }),
})
export const Keys = z.strictObject({
  keys: z.array(z.looseObject({ kty: z.string(), kid: z.string(), alg: z.string() })),
})

export const ApiError = z.strictObject({
  message: z.string().describe('The message in the preferred language of the caller, if it is one of ten.'),
  code: z.string(),
  docUrl: z.literal(''),
})
export const OAuthError = z.strictObject({
  error: z.string(),
  error_description: z.string(),
  errorCode: z.string(),
  errorMsg: z.string(),
  message: z.string(),
  code: z.string(),
})
