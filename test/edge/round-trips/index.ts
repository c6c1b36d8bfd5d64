import { backendlessTable } from './backendless.ts'
import { flameupTable } from './flameup.ts'
import { mobileFirstTable } from './mobilefirst.ts'
import { pusherBeamsTable } from './pusher-beams.ts'
import { pushwooshTable } from './pushwoosh.ts'
import type { DialectTable } from './table.ts'

/** The allowed cost of each endpoint of each dialect; a new dialect adds an entry. */
export const TABLES: readonly DialectTable[] = [
  pusherBeamsTable,
  mobileFirstTable,
  flameupTable,
  pushwooshTable,
  backendlessTable,
]
