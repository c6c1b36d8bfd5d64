import * as z from 'zod'

/** For documentation: each method reads its own members and ignores all others, by the same rules. */
export const id = z.union([z.string(), z.number()])
export const APPLICATION = {
  application: z.string().describe('The application code.'),
}
export const OF_DEVICE = {
  ...APPLICATION,
  hwid: z.string().min(1).max(512).describe('The id of the device.'),
  userId: id.nullish().describe('The user, who is bound if the device has none.'),
}
export const tags = z.record(z.string(), z.unknown()).describe('Values by tag name; null removes a tag.')
export const text = z.string().nullish()

export const DEVICE = { application: 'ABCDE-12345', hwid: 'example-hwid' }
export const EMAIL = { application: 'ABCDE-12345', email: 'jane@example.com' }
export const OF_EMAIL = {
  ...APPLICATION,
  email: z.string().describe('The e-mail address.'),
  userId: id.nullish(),
}
export const TOKEN = { auth: 'API_TOKEN' }
export const OF_TOKEN = { auth: z.string().describe('The API token of the account.') }
export const MESSAGE = { ...TOKEN, message: 'MESSAGE-CODE' }
export const OF_MESSAGE = { ...OF_TOKEN, message: z.string().describe('The code of the message.') }

export interface MethodRow {
  readonly summary: string
  readonly members: z.core.$ZodLooseShape
  readonly example: object
  readonly answer?: z.ZodType
  readonly response?: unknown
  readonly after?: readonly string[]
  readonly gives?: Readonly<Record<string, string>>
}
