import { isActive } from '../src/domain/device.ts'
import { rowWriter } from '../src/transfer/export/cells.ts'
import type { Form } from '../src/transfer/form.ts'
import type { Format } from '../src/transfer/format.ts'

const FIELDS = { token: '1', tags: '2' }
/** What Amazon keeps with an endpoint, in bytes. */
const MOST = 2048

/** Tokens of Amazon SNS, each with what the team keeps with it: what its samples for many endpoints read. */
export const sns: Format = {
  name: 'sns-csv',
  shape: 'table',
  headless: true,
  delimiter: ',',
  mostCells: 2,
  foreign: true,
  requires: 'platform',
  read:
    ({ options: { platform } }) =>
    ({ cells = [], fault }) => {
      if (fault) return { fault }
      const [token = '', data = ''] = cells
      const common = { platform, token, isTable: true, fields: FIELDS }
      // The name of an endpoint at Amazon, and no token of a phone.
      if (/^\s*arn:/i.test(token)) return { ...common, fault: 'token_form', faultField: 'token' }
      if (data === '') return common
      const fits = new TextEncoder().encode(data).length <= MOST
      return {
        ...common,
        tags: fits ? [{ name: 'CustomUserData', value: data, type: 'string' }] : 'malformed',
      }
    },
}

/** Tokens of one push service, as bulk uploads take them. */
export const snsForm: Form = {
  name: 'sns-csv',
  media: 'text/csv; charset=utf-8',
  extension: 'csv',
  oneProvider: true,
  table: true,
  open({ safe }) {
    const row = rowWriter(safe)
    return {
      head: '',
      devices: (piece) =>
        piece
          .filter(({ device }) => isActive(device))
          .map(({ device: { pushToken, externalId, user } }) =>
            row([pushToken?.token ?? '', JSON.stringify({ externalId, ...(user && { userId: user.id }) })]),
          )
          .join(''),
      tail: () => '',
    }
  },
}
