import type { Activity } from '../domain/activity.ts'
import type { Meter, MeteredRequest } from '../domain/meter.ts'
import { requestLabels } from '../domain/metrics.ts'

/**
 * The places of what is written, which queries name (`blob1` is the first, `double1`, too). They never change their meaning:
 * what is new goes behind.
 * Source: https://developers.cloudflare.com/analytics/analytics-engine/get-started/ (20 blobs, 20 doubles, one index).
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

/** An invocation may write 250; beyond, Cloudflare drops what comes. */
interface Dataset {
  writeDataPoint(point: AnalyticsEngineDataPoint): void
}

/**
 * Writes a data point for each request, registration and attempt to send to the dataset that is bound as ANALYTICS; null where
 * none is. Nothing in a point is chosen by callers: no app, device, token, user or path. The dialect is the index by which
 * Analytics Engine samples, so that a busy dialect does not drown a quiet one.
 */
export function analyticsOf(bindings: Readonly<Record<string, unknown>>): Meter | undefined {
  const found = bindings.ANALYTICS
  if (typeof found !== 'object' || found === null || !('writeDataPoint' in found)) return undefined
  const dataset = found as Dataset

  function write(dialect: string, point: { readonly blobs: string[]; readonly doubles: number[] }): void {
    try {
      dataset.writeDataPoint({ indexes: [dialect || 'none'], ...point })
    } catch {
      // An answer does not fail because nobody counted it.
    }
  }
  return {
    request: (of) => write(of.dialect ?? '', POINT.request(of)),
    happened(kind, dialect, facet, times) {
      // Of refused calls the request tells.
      if (kind !== 'refused') write(dialect, POINT.activity(kind, dialect, facet, times))
    },
    lookedUp() {},
    stored() {},
    grouped() {},
  }
}

/** One that tells each of them. */
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
