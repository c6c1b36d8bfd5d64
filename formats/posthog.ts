import { isActive } from '../src/domain/device.ts'
import { rowWriter } from '../src/transfer/export/cells.ts'
import type { Form } from '../src/transfer/form.ts'

/** PostHog's table of tokens of one push service: those of users alone. */
export const posthog: Form = {
  name: 'posthog-csv',
  media: 'text/csv; charset=utf-8',
  extension: 'csv',
  oneProvider: true,
  table: true,
  open({ safe }) {
    const row = rowWriter(safe)
    return {
      head: row(['distinct_id', 'device_token']),
      devices: (piece) =>
        piece
          .map(({ device }) =>
            device.user && isActive(device) ? row([device.user.id, device.pushToken?.token ?? '']) : '',
          )
          .join(''),
      tail: () => '',
    }
  },
}
