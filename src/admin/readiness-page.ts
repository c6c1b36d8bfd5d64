import { html } from 'hono/html'
import type { Answer } from './answers/answer.ts'
import type * as A from './answers/index.ts'

type Record = Answer<typeof A.ReadinessRecord>
type Readiness = Answer<typeof A.Readiness>

const STYLE = `
  body { font: 11pt/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #111; background: #fff }
  h1 { font-size: 18pt; margin: 0 } h2 { font-size: 12pt; margin: 1.5rem 0 0.25rem }
  table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: 0.2rem 0.6rem 0.2rem 0; border-bottom: 1px solid #ccc }
  td.n, th.n { text-align: right; font-variant-numeric: tabular-nums } .sum { overflow-wrap: anywhere; color: #555; font-size: 9pt }
  .sign { margin-top: 3rem; display: flex; gap: 2rem } .sign div { flex: 1; border-top: 1px solid #111; padding-top: 0.2rem }`

/** Blocks scripts and all external resources. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

const number = (n: number) => n.toLocaleString('en-US')
const percent = (share: number | null) => (share === null ? 'unknown' : `${(share * 100).toFixed(1)} %`)
const row = (name: string, value: string) => html`<tr><th>${name}</th><td class="n">${value}</td></tr>`

/** A signed-off report as a printable page with a signature line. */
export function recordPage(record: Record, appName: string) {
  // Safe cast: only this gateway writes it, from the answer that it shows.
  const of = record.document as unknown as Readiness
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Readiness of ${appName}: ${record.dialect}</title><style>${STYLE}</style></head>
<body>
<h1>Readiness: ${appName}, ${record.dialect}</h1>
<p>Signed off on ${record.at} with the token “${record.actor}”.${record.note === null ? '' : html` ${record.note}`}</p>
<h2>Verdict: ${of.verdict.state.replace('_', ' ')}</h2>
<ul>${of.verdict.reasons.map((one) => html`<li>${one}.</li>`)}</ul>
<h2>Figures of ${of.at}</h2>
<table>
${row('Calls counted since', of.since)}
${row('The newest file was exported on', of.exportedAt ?? 'nothing was imported')}
${row('Imported devices', number(of.totals.imported))}
${row(`Active within ${of.activeDays} days before`, number(of.totals.active))}
${row('Of these, seen', `${number(of.totals.activeSeen)} (${percent(of.coverage.active)})`)}
${row('Imported and not seen', number(of.totals.residue))}
${row('Seen and not imported', number(of.totals.liveOnly))}
${row('Rows billed by the vendor', number(of.cost.billed))}
${row('Devices that messages reach through the gateway', number(of.cost.reachable))}
${row('Mirror', `${of.mirror.mode}: ${number(of.mirror.differing)} of ${number(of.mirror.requests)} calls differed`)}
</table>
<h2>Dates</h2>
<table><tr><th>Share</th><th>Date</th><th>Interval</th></tr>
${of.estimate.targets.map(
  (one) =>
    html`<tr><td>${percent(one.share)}</td><td>${one.date ?? one.reason?.replaceAll('_', ' ')}</td><td>${
      one.earliest ? `${one.earliest} to ${one.latest}` : one.reachedAt ? 'reached' : ''
    }</td></tr>`,
)}
</table>
<h2>By platform</h2>
<table><tr><th>Platform</th><th class="n">Active</th><th class="n">Seen</th></tr>
${of.byPlatform.map(
  (one) =>
    html`<tr><td>${one.value ?? '–'}</td><td class="n">${number(one.active)}</td><td class="n">${number(one.activeSeen)}</td></tr>`,
)}
</table>
<p class="sum">Record ${record.id}, SHA-256 of its JSON ${record.sha256}</p>
<div class="sign"><div>Date</div><div>Signature</div></div>
</body></html>`
}
