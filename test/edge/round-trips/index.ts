import { pusherBeamsTable } from './pusher-beams.ts'
import type { DialectTable } from './table.ts'

/** What each endpoint of each dialect may cost: a further dialect is a further entry. */
export const TABLES: readonly DialectTable[] = [pusherBeamsTable]
