import { type Answer, jsonOf, ok, partsOf, textOf, type Vendor, type VendorDeps } from './vendor.ts'

/** The workspace of the simulated apps, which the gateway's app is configured with. */
export const WORKSPACE = 'ws_1'

interface Device {
  readonly id: string
  readonly device_token: string
  person_id: string
  platform: string
  app_version: string | null
  os_version: string | null
  readonly created_at: string
  updated_at: string
}

const problem = (status: number, code: string): Answer => ({
  status,
  body: { success: false, error: { type: code.toUpperCase(), code, message: code }, request_id: 'req_1' },
})

export function flameupVendor({ clock, newId }: VendorDeps): Vendor {
  const devices = new Map<string, Device>()
  const byPerson = new Map<string, Set<string>>()
  const now = () =>
    clock
      .now()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z')

  function register(person: string, request: Readonly<Record<string, unknown>>): Answer {
    const token = textOf(request.token)
    if (token === '') return problem(422, 'validation_error')
    const known = devices.get(token)
    const device = known ?? {
      ...{
        id: newId(),
        device_token: token,
        person_id: person,
        platform: '',
        app_version: null,
        os_version: null,
      },
      ...{ created_at: now(), updated_at: now() },
    }
    byPerson.get(device.person_id)?.delete(token)
    device.person_id = person
    device.platform = textOf(request.platform)
    device.app_version = textOf(request.app_version) || device.app_version
    device.os_version = textOf(request.os_version) || device.os_version
    device.updated_at = now()
    devices.set(token, device)
    const owned = byPerson.get(person) ?? new Set()
    byPerson.set(person, owned.add(token))
    return ok(shown(device), known ? 200 : 201)
  }

  function remove(person: string, token: string): Answer {
    if (devices.get(token)?.person_id !== person) return problem(404, 'not_found')
    devices.delete(token)
    byPerson.get(person)?.delete(token)
    return ok(null, 204)
  }

  return {
    dialect: 'flameup',
    answer(asked) {
      const [, , , person = '', , token] = partsOf(asked)
      if (asked.method === 'POST') return register(person, jsonOf(asked))
      if (asked.method === 'DELETE') return remove(person, token ?? '')
      const owned = [...(byPerson.get(person) ?? [])].flatMap((one) => devices.get(one) ?? [])
      const page = { total: owned.length, limit: 50, offset: 0 }
      return ok({ devices: owned.map(shown), ...page })
    },
    held: () =>
      [...devices.values()].map(({ device_token: token, person_id: user }) => ({
        ...{ externalId: token, token, user, topics: [], tags: {} },
      })),
    exported: () => ({
      format: 'flameup-json',
      body: JSON.stringify({ devices: [...devices.values()].map(shown) }),
    }),
  }
}

const shown = (device: Device) => ({
  ...device,
  workspace_id: WORKSPACE,
  ...{ device_name: null, device_model: null },
  ...{ is_active: true, is_valid: true, last_used_at: null },
})
