import { json, type Shot } from '../load/shot.ts'
import type { Phone } from '../seed/phone.ts'
import { type BenchDialect, type Documents, text } from './dialect.ts'

const NAME = 'pusher-beams'
const devices = (documents: Documents) =>
  `/device_api/v1/instances/${text(documents, NAME, 'instanceId')}/devices/fcm`
const idOf = ({ uuid }: Phone) => `fcm-${uuid}`

export const pusherBeams: BenchDialect = {
  name: NAME,
  register: (documents, { token }) =>
    json('POST', devices(documents), {
      token,
      knownPreviousClientIds: [],
      metadata: { sdkVersion: '1.9.2', androidVersion: '14' },
    }),
  assignedId: idOf,
}

export const setInterests = (documents: Documents, phone: Phone, interests: readonly string[]): Shot =>
  json('PUT', `${devices(documents)}/${idOf(phone)}/interests`, { interests })

export const rotate = (documents: Documents, phone: Phone, token: string): Shot =>
  json('PUT', `${devices(documents)}/${idOf(phone)}/token`, { token })
