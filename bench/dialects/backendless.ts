import { json } from '../load/shot.ts'
import { type BenchDialect, key, text } from './dialect.ts'

const NAME = 'backendless'

export const backendless: BenchDialect = {
  name: NAME,
  subscriptionIds: true,
  register: (documents, { uuid, token, topics }) =>
    json(
      'POST',
      `/${text(documents, NAME, 'applicationId')}/${key(documents, NAME, 'apiKeys', 'js')}/messaging/registrations`,
      // The only dialect here whose registration names the topics.
      { deviceToken: token, deviceId: uuid, os: 'ANDROID', osVersion: '14', channels: topics },
    ),
}
