/**
 * The JavaScript of the vendor's Devices page, unchanged except for the base URL, the names of its three
 * unnamed snippets and the types.
 */
interface DeviceInfo {
  readonly name: string
  readonly model: string
  readonly osVersion: string
  readonly appVersion: string
}
export interface Page {
  readonly API: string
  readonly API_KEY: string
}
// Browser features that Node 20 lacks.
declare const navigator: { readonly userAgent: string; readonly platform: string }

export async function registerIOSDevice(
  { API, API_KEY }: Page,
  personId: string,
  fcmToken: string,
  deviceInfo: DeviceInfo,
) {
  const response = await fetch(`${API}/api/v1/people/${personId}/devices`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${API_KEY}`,
    },
    body: JSON.stringify({
      token: fcmToken,
      platform: 'ios',
      device_name: deviceInfo.name, // e.g., "John's iPhone"
      device_model: deviceInfo.model, // e.g., "iPhone16,1"
      os_version: deviceInfo.osVersion, // e.g., "17.2"
      app_version: deviceInfo.appVersion, // e.g., "2.1.0"
    }),
  })
  return response.json()
}

export async function registerAndroidDevice(
  { API, API_KEY }: Page,
  personId: string,
  fcmToken: string,
  deviceInfo: DeviceInfo,
) {
  const response = await fetch(`${API}/api/v1/people/${personId}/devices`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${API_KEY}`,
    },
    body: JSON.stringify({
      token: fcmToken,
      platform: 'android',
      device_name: deviceInfo.name,
      device_model: deviceInfo.model, // e.g., "Pixel 8 Pro"
      os_version: deviceInfo.osVersion, // e.g., "14"
      app_version: deviceInfo.appVersion,
    }),
  })
  return response.json()
}

export async function registerWebDevice({ API, API_KEY }: Page, personId: string, fcmToken: string) {
  const response = await fetch(`${API}/api/v1/people/${personId}/devices`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${API_KEY}`,
    },
    body: JSON.stringify({
      token: fcmToken,
      platform: 'web',
      device_name: navigator.userAgent.includes('Chrome') ? 'Chrome Browser' : 'Web Browser',
      os_version: navigator.platform,
      app_version: '1.0.0',
    }),
  })
  return response.json()
}

// Get all devices for a user
export async function allDevices({ API, API_KEY }: Page, personId: string): Promise<unknown[]> {
  const response = await fetch(`${API}/api/v1/people/${personId}/devices`, {
    headers: {
      Authorization: `Bearer ${API_KEY}`,
    },
  })
  const { devices } = (await response.json()) as { devices: unknown[] }
  return devices
}

// Re-register with updated info
export async function update({ API, API_KEY }: Page, personId: string, existingToken: string) {
  const response = await fetch(`${API}/api/v1/people/${personId}/devices`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${API_KEY}`,
    },
    body: JSON.stringify({
      token: existingToken,
      platform: 'ios',
      app_version: '2.2.0',
      os_version: '17.3',
    }),
  })
  return response.json()
}

export async function unregister({ API, API_KEY }: Page, personId: string, deviceToken: string) {
  const response = await fetch(
    `${API}/api/v1/people/${personId}/devices/${encodeURIComponent(deviceToken)}`,
    {
      method: 'DELETE',
      headers: {
        Authorization: `Bearer ${API_KEY}`,
      },
    },
  )
  return response.ok
}
