import { events } from '../tables.ts'
import { sql } from '../template.ts'

/** What every entry of a device's history says, in this order. */
export const logged = sql`
  INSERT INTO ${events} (${events.appId}, ${events.deviceId}, ${events.kind}, ${events.cause}, ${events.detail}, ${events.at})`
