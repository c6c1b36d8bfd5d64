import type { ZodType } from 'zod'
import type { Clock } from '../domain/ids.ts'
import type { Environment, Provider, WebPushKeys } from '../domain/push-token.ts'
import type { VapidPair } from '../secrets/vapid.ts'
import type { KeptSecrets } from './kept.ts'
import type { Outcome } from './outcome.ts'
import type { Post, Transport } from './transport/transport.ts'

/**
 * A message as one service takes it, rendered once per message, service and SDK. The same object serves all its targets:
 * a lane may keep beside it what it computes once.
 */
export interface Push {
  /**
   * In the service's own form. FCM: the JSON of `message` without its target; APNs: the JSON payload; Web Push: the text
   * that the service worker reads; WNS: the XML or the raw text; HMS: the JSON of `message` without `token`; ADM: the JSON
   * of `data`. What TTL, priority and collapse mean there, the lane adds.
   */
  readonly body: string
  /** What the renderer decides beyond that, by the service's own names in lower case (`apns-push-type`, `x-wns-type`). */
  readonly headers?: Readonly<Record<string, string>>
  readonly priority: 'high' | 'normal'
  /** Messages with the same key replace each other; the lane fits it to the service. */
  readonly collapse?: string
}

/** One phone. */
export interface Target {
  readonly token: string
  /** Where FCM hands the message on to: its circuit is that platform's. */
  readonly platform?: 'android' | 'ios' | 'web'
  readonly environment?: Environment
  /** Web Push: the subscription's keys, in any of the alphabets of base64. */
  readonly keys?: WebPushKeys | null
}

/** What differs between two attempts. */
export interface Attempt {
  /** Seconds: as given on the first attempt, what is left on a retry (`ttlLeft`). */
  readonly ttl: number
  /** The same on every attempt of this message to this token (`stableId`). */
  readonly id: string
}

/** One request of a lane: a message to one phone. */
export interface Delivery extends Attempt {
  readonly push: Push
  readonly target: Target
}

/** What a probe of a credential found, shown to the operator. */
export interface Probe {
  readonly state: 'ok' | 'refused'
  readonly reason: string | null
}

/** A kept way to one service with one credential. Its methods report every fault of the service as an outcome. */
export interface Lane {
  send(delivery: Delivery): Promise<Outcome>
  /** For a service that takes lists: one outcome each, in their order. All have the same push, TTL and id. */
  readonly list?: {
    readonly most: number
    send(deliveries: readonly Delivery[]): Promise<readonly Outcome[]>
  }
  /** Phones whose requests go out as one if they begin together, where the way to the service takes many. */
  readonly together?: number | undefined
  /** Requests at once beyond which it gets no faster. */
  readonly atOnce: number
  /** Requests a second that the service takes with one credential, if it says. */
  readonly perSecond?: number
  /** The part of the lane that a target falls under, with a circuit of its own; empty if the lane has none. */
  part(target: Target): string
  /** A request that the service would take for a real phone (sending.md 2.2). */
  probe(): Promise<Probe>
  /** Lets requests in flight end, and gives back connections. */
  close(): Promise<void>
}

/** Whose contact and keys Web Push uses: the app's. */
export interface VapidIdentity extends VapidPair {
  readonly subject: string | null
}

/** What every message has anew: given only to compare with known results. */
export interface Ephemeral {
  /** 16 bytes. */
  readonly salt: Uint8Array
  /** A P-256 pair: the scalar, 32 bytes, and the uncompressed point, 65 bytes. */
  readonly privateKey: Uint8Array
  readonly publicKey: Uint8Array
}

/** Encrypts a Web Push message (RFC 8291); the runtime chooses the implementation. Rejects keys that are none. */
export type Encrypt = (
  text: Uint8Array,
  keys: WebPushKeys,
  ephemeral?: Ephemeral,
) => Promise<Uint8Array<ArrayBuffer>>

/** What a lane works with. */
export interface LaneDeps {
  readonly now: Clock
  /** Kept connections to one service. */
  readonly transport: Transport
  /** Requests to other addresses: for access tokens, to browsers' push services. */
  readonly post: Post
  /** This lane's own: its names need not tell lanes apart. */
  readonly kept: KeptSecrets
  readonly log: (record: { readonly msg: string } & Readonly<Record<string, unknown>>) => void
  readonly vapid: () => Promise<VapidIdentity>
  readonly encrypt: Encrypt
  /** Whether private addresses may be called, and subscriptions be `http:` (ALLOW_PRIVATE_TARGETS). */
  readonly allowPrivate: boolean
  /** The address of the gateway itself, for the contact that push services see. */
  readonly publicUrl?: string | undefined
}

/** What the deployment allows in a credential. */
export interface CredentialRules {
  /** Whether a text of an address permits a call (`Outbound.allows`). */
  allows(url: URL): boolean
  /** Whether the runtime can present a client certificate. */
  readonly certificates: boolean
  /** By which certificates expire; the machine's clock by default. */
  readonly now?: Clock
}

/** A push service. `Credential` is the parsed body of `PUT /admin/v1/apps/{app}/providers/{kind}`. */
export interface PushProvider<Credential = unknown> {
  readonly kind: Provider
  /** Parses asynchronously (keys are imported) and strictly: unknown members are mistakes of the operator. */
  schema(rules: CredentialRules): ZodType<Credential>
  /** The document of a credential without its secrets; `kind` is part of it. */
  show(credential: Credential): Readonly<Record<string, unknown>>
  /** Why the service would refuse this message whoever it goes to, such as its size; undefined if nothing is known. */
  fault(push: Push): string | undefined
  /** Opens no connection yet. */
  open(credential: Credential, deps: LaneDeps): Lane
}

/** Hides the credential's type, so that the list of providers needs no casts. */
export function provider<Credential>(typed: PushProvider<Credential>): PushProvider {
  // Safe cast: `show` and `open` only receive credentials parsed by the `schema` of the same provider.
  return typed as unknown as PushProvider
}
