import { createRequire } from 'node:module'

interface SentMessage {
  readonly messageId: string
  readonly status: string
}

/**
 * The calls of the official JavaScript SDK that these tests use; its own types differ between major versions.
 */
export interface BackendlessSdk {
  initApp(config: object | string, apiKey?: string): BackendlessSdk
  setupDevice(device: { uuid: string; platform: string; version: string }): void
  setCurrentUserToken(token: string | null): void
  appInfoPromise?(): Promise<Record<string, unknown>>
  serverURL: string
  Messaging: {
    registerDevice(token: string, channels?: readonly string[], expiration?: number | Date): Promise<unknown>
    getRegistrations(): Promise<unknown>
    unregisterDevice(): Promise<unknown>
    getPushTemplates(os: string): Promise<unknown>
    publish(channel: string, message: unknown, options?: object, delivery?: object): Promise<SentMessage>
    getMessageStatus(messageId: string): Promise<SentMessage>
    cancel(messageId: string): Promise<SentMessage>
    pushWithTemplate(name: string, values?: object): Promise<SentMessage>
    /** Only in major 4. */
    push?(template: object): Promise<SentMessage>
    /** Plain objects since major 6. */
    PublishOptions?: new (
      options: object,
    ) => object
    DeliveryOptions?: new (options: object) => object
  }
  Users: { login(login: string, password: string): Promise<unknown> }
}

const require = createRequire(import.meta.url)

/** The newest version, and the oldest major that the contract names. */
export const SDKS = [
  ['8.0.0', 'backendless'],
  ['5.9.4', 'backendless5'],
  ['4.4.4', 'backendless4'],
] as const

export function loadSdk(name: (typeof SDKS)[number][1]): { sdk: BackendlessSdk; version: string } {
  return { sdk: require(name), version: require(`${name}/package.json`).version }
}

/**
 * A client of an app on a server. Up to major 4 the SDK is one client for the whole process: first the
 * address is set, then the id and the key.
 */
export function openClient(
  sdk: BackendlessSdk,
  version: string,
  of: { readonly appId: string; readonly apiKey: string; readonly serverURL: string },
): BackendlessSdk {
  if (!version.startsWith('4.')) return sdk.initApp({ ...of, standalone: true })
  sdk.serverURL = of.serverURL
  sdk.initApp(of.appId, of.apiKey)
  return sdk
}

export const browserBuild = (): string => require.resolve('backendless/dist/backendless.js')
