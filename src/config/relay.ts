interface RelayVariables {
  readonly APNS_RELAY?: string | undefined
  readonly APNS_RELAY_KEY?: string | undefined
  readonly APNS_RELAY_TARGETS: readonly string[]
  readonly ALLOW_PRIVATE_TARGETS: boolean
}

interface Relays {
  readonly apnsRelay: { readonly address: string; readonly key: string } | undefined
  readonly relays: { readonly key: string; readonly services: readonly string[] } | undefined
}

/** That connection carries apps' keys and phones' tokens. */
export function relayFault(of: RelayVariables): string | undefined {
  if (of.APNS_RELAY === undefined) return undefined
  if (of.APNS_RELAY_KEY === undefined) return 'has no effect without APNS_RELAY_KEY'
  const open = of.APNS_RELAY.startsWith('http:') && !of.ALLOW_PRIVATE_TARGETS
  return open ? 'must begin with https: unless ALLOW_PRIVATE_TARGETS is on' : undefined
}

/** Which instance calls APNs for this one, or that this one does so for others. */
export function relayOf(of: RelayVariables): Relays {
  const { APNS_RELAY: address, APNS_RELAY_KEY: key, APNS_RELAY_TARGETS: services } = of
  const used = key === undefined || address === undefined ? undefined : { address, key }
  return { apnsRelay: used, relays: key === undefined || used ? undefined : { key, services } }
}
