import { describe, expect, test } from 'vitest'
import { newPhone, openTenant } from './tenant.ts'

const ORIGINS = ['https://shop.example', 'null', 'capacitor://localhost', 'ionic://localhost', 'file://']

describe('a page of any origin', () => {
  test.each(ORIGINS)('%s may ask before it sends, without a key', async (origin) => {
    const t = await openTenant()
    for (const path of [
      '/any/key/messaging/registrations',
      `/${t.id}/WRONG/binary`,
      '/api/info',
      '/v1/messaging/x',
    ]) {
      const headers = {
        Origin: origin,
        'Access-Control-Request-Method': 'DELETE',
        'Access-Control-Request-Headers': 'content-type,user-token',
      }
      const response = await t.h.request('OPTIONS', path, { headers })
      expect(response.status).toBe(204)
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe(origin)
      const methods = response.headers.get('Access-Control-Allow-Methods')?.split(',')
      expect(methods).toEqual(expect.arrayContaining(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']))
      const allowed = response.headers.get('Access-Control-Allow-Headers')?.split(',')
      expect(allowed).toEqual(
        expect.arrayContaining([
          ...['content-type', 'user-token', 'application-id', 'secret-key', 'application-type', 'uiState'],
        ]),
      )
    }
  })

  test.each(ORIGINS)('%s reads successes and errors alike', async (origin) => {
    const t = await openTenant()
    const phone = newPhone()
    await t.register(phone)
    const headers = { Origin: origin }
    for (const [path, status] of [
      [`/messaging/registrations/${phone.deviceId}`, 200],
      ['/messaging/registrations/nobody', 400],
      ['/users/login', 404],
      [`/messaging/registrations/${'x'.repeat(9000)}`, 400],
    ] as const) {
      const response = await t.call('GET', path, { kind: 'js', headers })
      expect(response.status).toBe(status)
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe(origin)
      expect(response.headers.get('Access-Control-Allow-Credentials')).toBe('true')
    }
  })

  test('a star is never joined with credentials', async () => {
    const t = await openTenant()
    for (const path of ['/info', '/users/login']) {
      const response = await t.call('GET', path)
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*')
      expect(response.headers.get('Access-Control-Allow-Credentials')).toBeNull()
    }
  })
})
