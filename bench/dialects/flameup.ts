import { json } from '../load/shot.ts'
import { type BenchDialect, key } from './dialect.ts'

const NAME = 'flameup'

export const flameup: BenchDialect = {
  name: NAME,
  register: (documents, { user, token }) =>
    json(
      'POST',
      `/api/v1/people/${user}/devices`,
      {
        token,
        platform: 'android',
        device_name: 'Phone',
        device_model: 'Pixel 8',
        os_version: '14',
        app_version: '1.0.0',
      },
      {
        'Content-Type': 'application/json',
        Authorization: `Bearer ${key(documents, NAME, 'apiKeys', 'key')}`,
      },
    ),
}
