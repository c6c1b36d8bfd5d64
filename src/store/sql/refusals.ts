import { GatewayError } from '../../domain/error.ts'
import type { Refusal } from './port.ts'

const REFUSALS = {
  tags: 'A device cannot hold so many tags.',
  elements: 'A list cannot hold so many elements.',
  waiting: 'Too many changes of users are waiting.',
} as const satisfies Record<Refusal, string>

const isRefusal = (name: string | undefined): name is Refusal =>
  name !== undefined && Object.hasOwn(REFUSALS, name)

/** The error for a statement's refusal (`refuse` in forms.ts), by the name in the engine's error; null for other errors. */
export const refusal = (name: string | undefined, cause: unknown): GatewayError | null =>
  isRefusal(name) ? new GatewayError('limit', REFUSALS[name], { cause }) : null
