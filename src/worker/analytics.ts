import type { Activity } from '../domain/activity.ts'
import type { Meter, MeteredRequest } from '../domain/meter.ts'
import { requestLabels } from '../domain/metrics.ts'

/**
 * The fields of a data point, which queries name (`blob1` and `double1` are the first). They never change
 * their meaning: new fields are added at the end. Source:
 * https://developers.cloudflare.com/analytics/analytics-engine/get-started/ (20 blobs, 20 doubles, one
 * index).
 */
const POINT = {
  request: (of: MeteredRequest) => {
    const { dialect, method, route, code } = requestLabels(of, true)
    return {
      blobs: ['request', dialect, method, route, `${Math.floor(of.status / 100)}xx`, code],
      doubles: [1, of.milliseconds, of.status],
    }
  },
  activity: (kind: Activity, dialect: string, facet: string, times: number) => ({
    blobs: [kind, dialect, facet],
    doubles: [times],
  }),
}

/** An invocation may write 250 points; Cloudflare drops further ones. */
interface Dataset {
  writeDataPoint(point: AnalyticsEngineDataPoint): void
}

/**
 * Writes a data point for each request, registration and send attempt to the dataset bound as ANALYTICS; null
 * without the binding. A point contains no values that callers choose: no app, device, token, user or path.
 * The dialect is the index by which Analytics Engine samples, so that a busy dialect does not displace a
 * quiet one.
 */
export function analyticsOf(bindings: Readonly<Record<string, unknown>>): Meter | undefined {
  const found = bindings.ANALYTICS
  if (typeof found !== 'object' || found === null || !('writeDataPoint' in found)) return undefined
  const dataset = found as Dataset

  function write(dialect: string, point: { readonly blobs: string[]; readonly doubles: number[] }): void {
    try {
      dataset.writeDataPoint({ indexes: [dialect || 'none'], ...point })
    } catch {
      // A failed write must not make the answer fail.
    }
  }
  return {
    request: (of) => write(of.dialect ?? '', POINT.request(of)),
    happened(kind, dialect, facet, times) {
      // Refused calls are counted by their request.
      if (kind !== 'refused') write(dialect, POINT.activity(kind, dialect, facet, times))
    },
    lookedUp() {},
    stored() {},
    grouped() {},
  }
}

/** Combines several observers. */
export function allMeters(meters: readonly (Meter | undefined)[]): Meter | undefined {
  const all = meters.filter((one) => one !== undefined)
  if (all.length < 2) return all[0]
  return {
    request: (of) => all.forEach((one) => void one.request(of)),
    happened: (...of) => all.forEach((one) => void one.happened(...of)),
    lookedUp: (cached) => all.forEach((one) => void one.lookedUp(cached)),
    stored: (...of) => all.forEach((one) => void one.stored(...of)),
    grouped: (commits) => all.forEach((one) => void one.grouped(commits)),
  }
}
