import { describe, expect, test } from 'vitest'
import { isPrivateAddress, isPrivateTarget } from '../../src/outbound/target.ts'

describe('addresses that are not public (hostile F22)', () => {
  test.each([
    ['loopback', '127.0.0.1'],
    ['loopback by another name', '127.1'],
    ['loopback as a number', '2130706433'],
    ['loopback in hexadecimal', '0x7f000001'],
    ['loopback in octal', '0177.0.0.1'],
    ['the unspecified', '0.0.0.0'],
    ['private', '192.168.1.1'],
    ['link-local', '169.254.169.254'],
    ['carrier NAT', '100.64.0.1'],
    ['IPv6 loopback', '[::1]'],
    ['IPv4-mapped', '[::ffff:127.0.0.1]'],
    ['IPv4-mapped, private', '[::ffff:10.0.0.1]'],
    ['IPv4-mapped in hexadecimal', '[::ffff:7f00:1]'],
    ['IPv4-compatible', '[::127.0.0.1]'],
    ['IPv4-compatible, private', '[::10.0.0.1]'],
    ['IPv4-compatible, public', '[::8.8.8.8]'],
    ['IPv4-translated', '[::ffff:0:127.0.0.1]'],
    ['6to4', '[2002:7f00:1::1]'],
    ['6to4, private', '[2002:c0a8:101::1]'],
    ['NAT64', '[64:ff9b::127.0.0.1]'],
    ['NAT64 of a network', '[64:ff9b:1::10.0.0.1]'],
    ['Teredo', '[2001:0:4136:e378:8000:63bf:3fff:fdd2]'],
    ['ISATAP', '[2a00:1450:4001:801:0:5efe:10.0.0.1]'],
    ['ISATAP of a global address', '[2a00:1450:4001:801:200:5efe:127.0.0.1]'],
    ['unique local', '[fd00::1]'],
    ['link-local IPv6', '[fe80::1]'],
    ['site-local', '[fec0::1]'],
    ['multicast', '[ff02::1]'],
    ['no network of anybody', '[4000::1]'],
    ['a name without a dot', 'intranet'],
    ['a local name with a dot at its end', 'printer.local.'],
  ])('%s: %s', (_, host) => {
    expect(isPrivateTarget(new URL(`http://${host}/`))).toBe(true)
  })

  test.each([
    '8.8.8.8',
    '[2a00:1450:4001:801::200e]',
    '[2606:4700::1111]',
    '[::ffff:8.8.8.8]',
    'hooks.example.com',
  ])('%s is public', (host) => {
    expect(isPrivateTarget(new URL(`http://${host}/`))).toBe(false)
  })

  test.each(['', 'nonsense', '::1%eth0', 'fe80::1%eth0', '::127.0.0.1', '::ffff:127.0.0.1'])(
    'what a name resolves to is judged alike: %j is private',
    (address) => {
      expect(isPrivateAddress(address)).toBe(true)
    },
  )
})
