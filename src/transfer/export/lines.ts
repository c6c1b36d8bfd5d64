import type { Form, Writer } from '../form.ts'
import { isUnusual } from '../rows/tokens.ts'

const line = (document: object): string => `${JSON.stringify(document)}\n`

/** Our own line format, with all stored data of a device (migration.md 2.7). */
export const ndjson: Form = {
  name: 'ndjson',
  media: 'application/x-ndjson',
  extension: 'ndjson',
  resumes: true,
  open({ appId, at, resumed, show }): Writer {
    let devices = 0
    return {
      head: resumed
        ? ''
        : line({ type: 'pushport-export', version: 1, app: appId, exportedAt: at.toISOString() }),
      devices(piece) {
        devices += piece.length
        return piece
          .map(({ device, tagTypes }) =>
            line({
              type: 'device',
              ...show(device),
              ...(device.pushToken && isUnusual(device.pushToken) && { tokenForm: 'any' }),
              keys: device.pushToken?.keys ?? null,
              enabled: device.enabled,
              tagTypes: Object.fromEntries(tagTypes),
              details: device.details,
              subscriptionIds: Object.fromEntries(device.subscriptionIds),
              expiresAt: device.expiresAt?.toISOString() ?? null,
            }),
          )
          .join('')
      },
      tail: () => line({ type: 'end', devices }),
    }
  },
}
