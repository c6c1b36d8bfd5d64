import type { GatewayError } from './error.ts'

/** Why a call was refused, as operators are told. It holds no secret and no whole identifier. */
export interface Reason {
  readonly code: GatewayError['code']
  readonly reason: string
}
