import { type Answer, cell, jsonOf, ok, partsOf, textOf, type Vendor, type VendorDeps } from './vendor.ts'

interface Device {
  readonly deviceId: string
  token: string
  os: string
  osVersion: string
  readonly created: number
  updated: number
  /** The id of the registration for each channel. */
  readonly channels: Map<string, string>
}

const fault = (code: number, message: string): Answer => ({
  status: 400,
  body: { code, message, errorData: {} },
})
const COLUMNS = [
  ...['objectId', '___class', 'deviceId', 'deviceToken', 'operatingSystemName', 'operatingSystemVersion'],
  ...['channelName', 'expiration', 'created', 'updated', 'ownerId', 'user'],
]

export function backendlessVendor({ clock, newId }: VendorDeps): Vendor {
  const devices = new Map<string, Device>()
  const now = () => clock.now().getTime()

  function register(request: Readonly<Record<string, unknown>>): Answer {
    const [deviceId, token] = [textOf(request.deviceId), textOf(request.deviceToken)]
    if (deviceId === '' || token === '')
      return fault(deviceId === '' ? 5003 : 5002, 'Unable to register device.')
    const device = devices.get(deviceId) ?? {
      ...{ deviceId, token, os: '', osVersion: '', created: now(), updated: now() },
      channels: new Map<string, string>(),
    }
    device.token = token
    device.os = textOf(request.os)
    device.osVersion = textOf(request.osVersion)
    device.updated = now()
    const channels = (request.channels ?? []) as readonly string[]
    for (const channel of channels.length > 0 ? channels : ['default']) {
      if (!device.channels.has(channel)) device.channels.set(channel, newId().toUpperCase())
    }
    devices.set(deviceId, device)
    const ids = [...device.channels].map(([channel, id]) => `${id}::${channel}`)
    return ok({ registrationId: ids.join() })
  }

  function shown({ deviceId, token, os, osVersion, channels }: Device) {
    const [id = ''] = channels.values()
    return { id, deviceToken: token, deviceId, os, osVersion, channels: [...channels.keys()] }
  }

  return {
    dialect: 'backendless',
    answer(asked) {
      const [, , part = '', , deviceId] = partsOf(asked)
      if (part !== 'messaging') return fault(404, 'Nothing is here.')
      if (asked.method === 'POST') return register(jsonOf(asked))
      const device = devices.get(deviceId ?? '')
      if (!device) return fault(asked.method === 'GET' ? 5000 : 5001, 'Device is not registered.')
      if (asked.method === 'GET') return ok([shown(device)])
      devices.delete(device.deviceId)
      return ok({ result: true })
    },
    held: () =>
      [...devices.values()].map(({ deviceId, token, channels }) => ({
        ...{ externalId: deviceId, token, user: null, topics: [...channels.keys()], tags: {} },
      })),
    exported() {
      const rows = [...devices.values()].flatMap((device) =>
        [...device.channels].map(([channel, id]) =>
          [
            ...[id, 'DeviceRegistration', device.deviceId, device.token, device.os, device.osVersion],
            ...[channel, '', device.created, device.updated, '', ''],
          ]
            .map(cell)
            .join(),
        ),
      )
      return { format: 'backendless-csv', body: `${[COLUMNS.join(), ...rows].join('\n')}\n` }
    },
  }
}
