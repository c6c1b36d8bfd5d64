import type { Reference } from '../src/reference/reference.ts'
import { backendlessReference } from './backendless/reference.ts'
import { flameupReference } from './flameup/reference.ts'
import { mobileFirstReference } from './mobilefirst/reference.ts'
import { beamsReference } from './pusher-beams/reference.ts'
import { pushwooshReference } from './pushwoosh/reference.ts'

/** All dialects that have a reference. */
export const references: readonly Reference[] = [
  backendlessReference,
  flameupReference,
  mobileFirstReference,
  beamsReference,
  pushwooshReference,
]
