import { vendors } from '../../../vendors/pull/index.ts'
import { group } from '../command.ts'
import { pulling } from '../pulling.ts'

export const pull = group(
  'pull',
  'Fetches all devices from the old vendor’s API and imports them.',
  Object.fromEntries(vendors.map((vendor) => [vendor.name, pulling(vendor)])),
)
