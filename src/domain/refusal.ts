import type { GatewayError } from './error.ts'

/** Why a call was refused, for operators. Contains no secret and no complete identifier. */
export interface Reason {
  readonly code: GatewayError['code']
  readonly reason: string
}
