import type { ZodType } from 'zod'
import type { Clock } from '../domain/ids.ts'
import type { Environment, Provider, WebPushKeys } from '../domain/push-token.ts'
import type { VapidPair } from '../secrets/vapid.ts'
import type { KeptSecrets } from './kept.ts'
import type { Outcome } from './outcome.ts'
import type { Post, Transport } from './transport/transport.ts'

/**
 * A message in one service's form, rendered once per message, service and SDK. All its targets share the
 * object, so that a lane can cache computed values by it.
 */
export interface Push {
  /**
   * In the service's own form. FCM: the JSON of `message` without its target; APNs: the JSON payload; Web
   * Push: the text that the service worker reads; WNS: the XML or the raw text; HMS: the JSON of `message`
   * without `token`; ADM: the JSON of `data`. The lane adds TTL, priority and collapse key in the service's
   * form.
   */
  readonly body: string
  /**
   * Further settings of the renderer, by the service's own names in lower case (`apns-push-type`,
   * `x-wns-type`).
   */
  readonly headers?: Readonly<Record<string, string>>
  readonly priority: 'high' | 'normal'
  /** Messages with the same key replace each other; the lane adapts it to the service. */
  readonly collapse?: string
}

/** One phone to send to. */
export interface Target {
  readonly token: string
  /** The platform to which FCM forwards the message; each has its own circuit. */
  readonly platform?: 'android' | 'ios' | 'web'
  readonly environment?: Environment
  /** Web Push: the subscription's keys, in either base64 alphabet. */
  readonly keys?: WebPushKeys | null
}

/** Values that differ between attempts. */
export interface Attempt {
  /** Seconds: the full value on the first attempt, the remaining time on a retry (`ttlLeft`). */
  readonly ttl: number
  /** The same on every attempt of this message to this token (`stableId`). */
  readonly id: string
}

/** One request of a lane: a message to one phone. */
export interface Delivery extends Attempt {
  readonly push: Push
  readonly target: Target
}

/** The result of a credential probe, shown to the operator. */
export interface Probe {
  readonly state: 'ok' | 'refused'
  readonly reason: string | null
}

/**
 * A reusable client for one service with one credential. Its methods report every fault of the service as an
 * outcome.
 */
export interface Lane {
  send(delivery: Delivery): Promise<Outcome>
  /**
   * For services that accept lists: one outcome per target, in order. All targets have the same push, TTL and
   * id.
   */
  readonly list?: {
    readonly most: number
    send(deliveries: readonly Delivery[]): Promise<readonly Outcome[]>
  }
  /** Most targets that are sent in one request if they start together, for services that accept lists. */
  readonly together?: number | undefined
  /** Most useful concurrent requests; more do not increase throughput. */
  readonly atOnce: number
  /** Requests per second that the service accepts per credential, if it documents a limit. */
  readonly perSecond?: number
  /** The part of the lane to which a target belongs, with its own circuit; empty if the lane has no parts. */
  part(target: Target): string
  /** A request to a made-up target that the service treats like a real one (sending.md 2.2). */
  probe(): Promise<Probe>
  /** Waits for requests in flight and closes connections. */
  close(): Promise<void>
}

/** The app whose contact and keys Web Push uses. */
export interface VapidIdentity extends VapidPair {
  readonly subject: string | null
}

/** Random values of an encryption; given only for tests with known results. */
export interface Ephemeral {
  /** 16 bytes. */
  readonly salt: Uint8Array
  /** A P-256 pair: the scalar, 32 bytes, and the uncompressed point, 65 bytes. */
  readonly privateKey: Uint8Array
  readonly publicKey: Uint8Array
}

/** Encrypts a Web Push message (RFC 8291); the runtime provides the implementation. Rejects invalid keys. */
export type Encrypt = (
  text: Uint8Array,
  keys: WebPushKeys,
  ephemeral?: Ephemeral,
) => Promise<Uint8Array<ArrayBuffer>>

/** Dependencies of a lane. */
export interface LaneDeps {
  readonly now: Clock
  /** Persistent connections to one service. */
  readonly transport: Transport
  /** Requests to other addresses: for access tokens, and to the push services of browsers. */
  readonly post: Post
  /** Storage of this lane only; its names need not be unique across lanes. */
  readonly kept: KeptSecrets
  readonly log: (record: { readonly msg: string } & Readonly<Record<string, unknown>>) => void
  readonly vapid: () => Promise<VapidIdentity>
  readonly encrypt: Encrypt
  /** Whether private addresses may be called, and subscriptions may use `http:` (ALLOW_PRIVATE_TARGETS). */
  readonly allowPrivate: boolean
  /** The address of the gateway itself, for the contact that push services see. */
  readonly publicUrl?: string | undefined
}

/** Options of the deployment for credentials. */
export interface CredentialRules {
  /** Whether the text of an address allows a call (`Outbound.allows`). */
  allows(url: URL): boolean
  /** Whether the runtime can present a client certificate. */
  readonly certificates: boolean
  /** The clock for the expiry of certificates; by default the machine's. */
  readonly now?: Clock
}

/** A push service. `Credential` is the parsed body of `PUT /admin/v1/apps/{app}/providers/{kind}`. */
export interface PushProvider<Credential = unknown> {
  readonly kind: Provider
  /** Parses asynchronously (keys are imported) and strictly: unknown members are mistakes of the operator. */
  schema(rules: CredentialRules): ZodType<Credential>
  /** The document of a credential without its secrets; `kind` is part of it. */
  show(credential: Credential): Readonly<Record<string, unknown>>
  /**
   * Why the service would refuse this message for any target, such as its size; undefined if no reason is
   * known.
   */
  fault(push: Push): string | undefined
  /** Does not open a connection yet. */
  open(credential: Credential, deps: LaneDeps): Lane
}

/** Hides the credential's type, so that the list of providers needs no casts. */
export function provider<Credential>(typed: PushProvider<Credential>): PushProvider {
  // Safe cast: `show` and `open` only receive credentials parsed by the `schema` of the same provider.
  return typed as unknown as PushProvider
}
