import type { Bound } from '../port.ts'
import { call } from '../statement.ts'
import type { Removal } from '../statements/removal.ts'

/** The part of a plan that removes devices: first their rows in other tables, then the devices. */
export const removing = <Names extends string>(
  { plan, removed }: Removal<Names>,
  values: Readonly<Record<Names, Bound>> & Readonly<Record<string, Bound>>,
) => ({
  hanging: plan.slice(0, -1).map((one) => call(one, values)),
  removed: call(removed, values),
})
