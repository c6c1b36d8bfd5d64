import { json, type Shot } from '../load/shot.ts'
import type { Phone } from '../seed/phone.ts'
import { type BenchDialect, type Documents, text } from './dialect.ts'

const NAME = 'pushwoosh'
const HEADERS = { 'Content-Type': 'application/json; charset=utf-8', Authorization: 'Token null' }
const post = (documents: Documents, method: string, request: object): Shot =>
  json(
    'POST',
    `/json/1.3/${method}`,
    { request: { application: text(documents, NAME, 'applicationCode'), ...request } },
    HEADERS,
  )

export const pushwoosh: BenchDialect = {
  name: NAME,
  register: (documents, { uuid, user, token }) =>
    post(documents, 'registerDevice', {
      hwid: uuid,
      userId: user,
      device_type: 3,
      v: '6.10.0',
      push_token: token,
      language: 'en',
      timezone: 3600,
      app_version: '1.0.0',
      device_model: 'Pixel 8',
      os_version: '14',
    }),
}

export const setTags = (
  documents: Documents,
  { uuid }: Phone,
  tags: Readonly<Record<string, unknown>>,
): Shot => post(documents, 'setTags', { hwid: uuid, tags })

export const registerUser = (documents: Documents, { uuid }: Phone, userId: string): Shot =>
  post(documents, 'registerUser', { hwid: uuid, userId })

export const BULK = '/api/v2/audience/bulkRegisterDevice'

/** Rows of a server, kept for later. */
export const registerInBulk = (documents: Documents, phones: readonly Phone[]): Shot =>
  json('POST', BULK, {
    application: text(documents, NAME, 'applicationCode'),
    auth: text(documents, NAME, 'apiToken'),
    devices: phones.map(({ uuid, token }) => ({ hwid: uuid, push_token: token, platform: 3 })),
  })
