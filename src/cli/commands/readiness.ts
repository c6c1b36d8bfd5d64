import type { components } from '../../client/client.ts'
import { APP, command, REMOTE } from '../command.ts'
import { usage } from '../faults.ts'
import { answered, remote } from '../gateway.ts'
import { createOutput, sheet } from '../output.ts'

type Shown = components['schemas']['Readiness']

const percent = (share: number | null) => (share === null ? 'unknown' : `${(share * 100).toFixed(1)} %`)

const dateOf = ({ reachedAt, date, earliest, latest, reason }: Shown['estimate']['targets'][number]) => {
  if (reachedAt) return `reached on ${reachedAt}`
  return date === null ? `no date: ${reason?.replaceAll('_', ' ')}` : `${date} (${earliest} to ${latest})`
}

/** A dialect's readiness as lines of text. */
const shownReadiness = (of: Shown): string =>
  [
    `${of.dialect}: ${of.verdict.state.replace('_', ' ')}${of.verdict.safeFrom ? `, safe from ${of.verdict.safeFrom}` : ''}`,
    ...of.verdict.reasons.map((one) => `  ${one}`),
    sheet({
      'seen since': of.since,
      imported: of.totals.imported,
      'of these active': of.totals.active,
      'active and seen': `${of.totals.activeSeen} (${percent(of.coverage.active)})`,
      'seen, not imported': of.totals.liveOnly,
      'billed rows': of.cost.billed,
      reachable: of.cost.reachable,
      ...Object.fromEntries(of.estimate.targets.map((one) => [percent(one.share), dateOf(one)])),
    }),
    ...(of.warnings.length > 0 ? [`warnings: ${of.warnings.join(', ').replaceAll('_', ' ')}`] : []),
  ].join('\n')

export const readiness = command({
  name: 'readiness',
  is: 'Shows the progress of a migration, and when the vendor can be turned off.',
  args: {
    ...REMOTE,
    ...APP,
    dialect: { type: 'string', valueHint: 'DIALECT', description: 'Only this dialect.' },
    since: { type: 'string', valueHint: 'TIME', description: 'Counts only calls after this time.' },
    'active-days': {
      type: 'string',
      valueHint: 'N',
      description:
        'A device counts as active if it was used within this many days before its export; 30 by default.',
    },
    targets: {
      type: 'string',
      valueHint: 'SHARES',
      description: 'Shares of active devices for which to estimate a date, such as 0.9,0.95,0.99.',
    },
  },
  examples: ['pushport readiness shop', 'pushport readiness shop --targets 0.9,0.99 --json'],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const gateway = remote(args)
    const path = { app: await gateway.appId(args.app) }
    const days = args['active-days']
    if (days !== undefined && !/^[0-9]{1,3}$/.test(days)) throw usage('--active-days must be a whole number.')
    const query = {
      ...(args.dialect && { dialect: args.dialect }),
      ...(args.since && { since: args.since }),
      ...(days && { activeDays: Number(days) }),
      ...(args.targets && { targets: args.targets }),
    }
    for (;;) {
      const found = answered(await gateway.client.GET('/apps/{app}/readiness', { params: { path, query } }))
      const counting = 'devices' in found || ('counting' in found && found.counting.length > 0)
      if (!counting) {
        const all = 'dialects' in found ? found.dialects : [found as Shown]
        return output.say(found, () => all.map(shownReadiness).join('\n\n'))
      }
      output.note('Counting the devices for the first time…')
      await new Promise((resume) => setTimeout(resume, 2000))
    }
  },
})
