import { describe, expect, test } from 'vitest'
import { outsideOf, publicUrl } from '../../src/http/outside.ts'
import { parseTrust, type Trust } from '../../src/http/trust.ts'

function trustOf(text: string): Trust {
  const trust = parseTrust(text)
  if (!trust) throw new Error(`no TRUST_PROXY: ${text}`)
  return trust
}

function outside(
  trust: string,
  headers: Readonly<Record<string, string>>,
  peer = '127.0.0.1',
  more: { url?: string; publicUrl?: string } = {},
) {
  const all = new Headers(headers)
  const seen = {
    header: (name: string) => all.get(name) ?? undefined,
    url: more.url ?? 'http://10.0.0.5:8787/x',
    peer,
  }
  return outsideOf(seen, { trust: trustOf(trust), publicUrl: more.publicUrl })
}

describe('TRUST_PROXY', () => {
  test.each([
    ['off', true],
    ['0', true],
    ['loopback', true],
    ['cloudflare', true],
    ['1', true],
    ['32', true],
    ['10.0.0.0/8', true],
    ['10.0.0.1', true],
    ['loopback, 10.0.0.0/8,fd00::/8', true],
    ['::1', true],
    ['33', false],
    ['-1', false],
    ['on', false],
    ['true', false],
    ['10.0.0.0/33', false],
    ['10.1', false],
    ['proxy.example', false],
    ['10.0.0.0/8,', false],
    ['off,10.0.0.0/8', false],
  ])('%j is taken: %s', (text, taken) => {
    expect(parseTrust(text) !== null).toBe(taken)
  })
})

describe('who calls', () => {
  const XFF = 'X-Forwarded-For'
  test.each<[string, string, Readonly<Record<string, string>>, string, string]>([
    ['nobody is believed', 'off', { [XFF]: '203.0.113.7' }, '127.0.0.1', '127.0.0.1'],
    ['a proxy on this machine', 'loopback', { [XFF]: '203.0.113.7' }, '127.0.0.1', '203.0.113.7'],
    ['the same over IPv6', 'loopback', { [XFF]: '203.0.113.7' }, '::1', '203.0.113.7'],
    ['the same, IPv4 inside IPv6', 'loopback', { [XFF]: '203.0.113.7' }, '::ffff:127.0.0.1', '203.0.113.7'],
    ['somebody else says so', 'loopback', { [XFF]: '203.0.113.7' }, '198.51.100.1', '198.51.100.1'],
    ['a proxy that says nothing', 'loopback', {}, '127.0.0.1', '127.0.0.1'],
    ['what the caller made up first', 'loopback', { [XFF]: '1.1.1.1, 203.0.113.7' }, '::1', '203.0.113.7'],
    ['two proxies', '10.0.0.0/8,::1', { [XFF]: '1.1.1.1, 203.0.113.7,10.0.0.9' }, '::1', '203.0.113.7'],
    ['believed addresses alone', 'loopback', { [XFF]: '127.0.0.2, 127.0.0.3' }, '::1', '127.0.0.2'],
    ['ports', 'loopback', { [XFF]: '203.0.113.7:4711' }, '::1', '203.0.113.7'],
    ['brackets', 'loopback', { [XFF]: '[2001:db8::7]:4711' }, '::1', '2001:db8:0:0::/64'],
    ['one hop', '1', { [XFF]: '1.1.1.1, 203.0.113.7' }, '198.51.100.1', '203.0.113.7'],
    ['two hops', '2', { [XFF]: '1.1.1.1, 203.0.113.7, 10.0.0.9' }, '198.51.100.1', '203.0.113.7'],
    ['fewer than the hops', '3', { [XFF]: '203.0.113.7' }, '198.51.100.1', '203.0.113.7'],
    [
      'Forwarded',
      'loopback',
      { Forwarded: 'for=1.1.1.1, for="203.0.113.7:1";proto=https' },
      '::1',
      '203.0.113.7',
    ],
    ['Forwarded, IPv6', 'loopback', { Forwarded: 'For="[2001:db8::7]"' }, '::1', '2001:db8:0:0::/64'],
    ['both', 'loopback', { [XFF]: '203.0.113.7', Forwarded: 'for=1.1.1.1' }, '::1', '203.0.113.7'],
    ['Cloudflare', 'cloudflare', { 'CF-Connecting-IP': '203.0.113.7' }, '172.64.1.1', '203.0.113.7'],
    ['its tunnel', 'cloudflare', { 'CF-Connecting-IP': '203.0.113.7' }, '127.0.0.1', '203.0.113.7'],
    ['not Cloudflare', 'cloudflare', { 'CF-Connecting-IP': '203.0.113.7' }, '198.51.100.1', '198.51.100.1'],
    ['another header there', 'cloudflare', { [XFF]: '203.0.113.7' }, '127.0.0.1', '127.0.0.1'],
    ['that header elsewhere', 'loopback', { 'CF-Connecting-IP': '203.0.113.7' }, '::1', '0:0:0:0::/64'],
    ['empty', 'loopback', { [XFF]: ' , ' }, '127.0.0.1', '127.0.0.1'],
  ])('%s', (_, trust, headers, peer, caller) => {
    expect(outside(trust, headers, peer).address).toBe(caller)
  })

  test('a header of any length is no work', () => {
    const address = outside('loopback', { [XFF]: '127.0.0.1,'.repeat(6000) }).address
    expect(address.length).toBeLessThan(70)
    expect(outside('1', { [XFF]: 'x'.repeat(60_000) }).address.length).toBe(64)
  })
})

describe('the outer address (M2, C2)', () => {
  const Host = 'gw.example'
  test.each<[string, string, Readonly<Record<string, string>>, string]>([
    ['nothing said', 'loopback', {}, 'http://10.0.0.5:8787'],
    ['a Host alone', 'loopback', { Host }, 'http://gw.example'],
    ['TLS in front', 'loopback', { Host, 'X-Forwarded-Proto': 'https' }, 'https://gw.example'],
    ['its name in capitals', 'loopback', { Host, 'X-Forwarded-Proto': 'HTTPS' }, 'https://gw.example'],
    ['two proxies', 'loopback', { Host, 'X-Forwarded-Proto': 'https, http' }, 'https://gw.example'],
    [
      'another host',
      'loopback',
      { Host: '10.0.0.5', 'X-Forwarded-Host': Host, 'X-Forwarded-Proto': 'https' },
      'https://gw.example',
    ],
    [
      'a port',
      'loopback',
      { Host, 'X-Forwarded-Proto': 'https', 'X-Forwarded-Port': '8443' },
      'https://gw.example:8443',
    ],
    [
      'the usual port',
      'loopback',
      { Host, 'X-Forwarded-Proto': 'https', 'X-Forwarded-Port': '443' },
      'https://gw.example',
    ],
    [
      'an inner port',
      'loopback',
      { Host, 'X-Forwarded-Proto': 'https', 'X-Forwarded-Port': '80' },
      'https://gw.example',
    ],
    [
      'a port in the host',
      'loopback',
      { Host: 'gw.example:8443', 'X-Forwarded-Proto': 'https', 'X-Forwarded-Port': '443' },
      'https://gw.example:8443',
    ],
    [
      'Forwarded',
      'loopback',
      { Host: 'x', Forwarded: 'for=1.1.1.1;proto=https;host="gw.example:8443"' },
      'https://gw.example:8443',
    ],
    ['hops', '1', { Host, 'X-Forwarded-Proto': 'https' }, 'https://gw.example'],
    [
      'Cloudflare',
      'cloudflare',
      { Host, 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'evil.example' },
      'https://gw.example',
    ],
    [
      'nobody believed',
      'off',
      { Host, 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'evil.example' },
      'http://gw.example',
    ],
    [
      'another believed',
      '10.0.0.0/8',
      { Host, 'X-Forwarded-Proto': 'https', Forwarded: 'host=evil.example' },
      'http://gw.example',
    ],
    ['no scheme', 'loopback', { Host, 'X-Forwarded-Proto': 'javascript' }, 'http://gw.example'],
    ['no host', 'loopback', { Host, 'X-Forwarded-Host': 'evil.example/x?' }, 'http://gw.example'],
    [
      'somebody in front of the host',
      'loopback',
      { Host, 'X-Forwarded-Host': 'a@evil.example' },
      'http://gw.example',
    ],
    ['no port', 'loopback', { Host, 'X-Forwarded-Port': '99999' }, 'http://gw.example'],
  ])('%s', (_, trust, headers, origin) => {
    const seen = outside(trust, headers)
    expect(seen.origin).toBe(origin)
    expect(seen.origin).not.toContain('evil')
  })

  test('PUBLIC_URL is above all that', () => {
    const headers = { Host: 'x', 'X-Forwarded-Proto': 'http', 'X-Forwarded-Host': 'y' }
    expect(outside('loopback', headers, '::1', { publicUrl: 'https://gw.example/push' }).origin).toBe(
      'https://gw.example/push',
    )
  })

  test.each([
    ['https://gw.example', 'https://gw.example'],
    ['https://gw.example/', 'https://gw.example'],
    ['HTTP://GW.example:8080/push/', 'http://gw.example:8080/push'],
    ['gw.example', null],
    ['ftp://gw.example', null],
    ['https://user:secret@gw.example', null],
    ['https://gw.example/?x=1', null],
    ['https://gw.example/#x', null],
  ])('PUBLIC_URL=%s is read as %s', (text, read) => {
    expect(publicUrl(text)).toBe(read)
  })
})
