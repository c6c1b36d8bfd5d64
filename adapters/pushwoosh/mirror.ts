import type { Mirroring } from '../../src/adapter.ts'
import type { MirroredRoute } from '../../src/domain/mirroring.ts'
import { withoutBaseUrl } from './answers.ts'
import { UNWRAPPED } from './identify.ts'
import { deviceMethods } from './methods/devices.ts'
import { emailMethods } from './methods/email.ts'
import { eventMethods } from './methods/events.ts'
import { multiMethods } from './methods/multi.ts'
import { startupMethods } from './methods/startup.ts'
import { tagMethods } from './methods/tags.ts'
import { userMethods } from './methods/users.ts'

const METHODS = Object.keys({
  ...deviceMethods,
  ...emailMethods,
  ...eventMethods,
  ...multiMethods,
  ...startupMethods,
  ...tagMethods,
  ...userMethods,
})

const method = (name: string): MirroredRoute => ({
  name: `POST /json/1.3/${name}`,
  method: 'POST',
  paths: [
    `/json/1.3/${name}`,
    `/json/1.2/${name}`,
    ...(name === UNWRAPPED ? [`/api/v2/device-api/${name}`] : []),
  ],
})

const BULK = '/api/v2/audience/bulkRegisterDevice'

/** Calls of phones, and bulk registrations; messages of back ends are passed on, too, but not looked into. */
export const pushwooshMirror: Mirroring = {
  routes: [
    ...METHODS.map(method),
    { name: `POST ${BULK}`, method: 'POST', paths: [BULK], bulk: true },
    { name: `GET ${BULK}/{job}`, method: 'GET', paths: [`${BULK}/{job}`] },
  ],
  credentials: [['apiToken']],
  cleaned: withoutBaseUrl,
}
