import { json } from '../load/shot.ts'
import { type BenchDialect, text } from './dialect.ts'

const NAME = 'mobilefirst'

export const mobileFirst: BenchDialect = {
  name: NAME,
  subscriptionIds: true,
  register: (documents, { uuid, token, user }) =>
    json(
      'POST',
      `/imfpush/v1/apps/${text(documents, NAME, 'applicationId')}/devices`,
      { deviceId: uuid, userId: user, token, platform: 'G' },
      { 'Content-Type': 'application/json', Authorization: `Bearer ${documents.accessToken}` },
    ),
}
