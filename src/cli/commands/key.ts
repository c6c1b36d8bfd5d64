import { command, DRY_RUN, group, REMOTE } from '../command.ts'
import { EXIT, Fault } from '../faults.ts'
import { answered, remote } from '../gateway.ts'
import { createOutput, sheet } from '../output.ts'

const status = command({
  name: 'status',
  is: 'Shows the progress of a master key change, and whether the previous key is still needed.',
  args: REMOTE,
  examples: ['pushport key status'],
  async run({ args }) {
    const state = answered(await remote(args).client.GET('/keys', {}))
    createOutput(args.json === true).say(state, () => sheet(state))
  },
})

/** How often the progress is polled, in milliseconds. */
const EVERY = 500

const rotate = command({
  name: 'rotate',
  is: 'Re-encrypts everything with the current master key, and waits until it is done. MASTER_KEY_PREVIOUS must be set.',
  args: { ...REMOTE, ...DRY_RUN },
  examples: ['pushport key rotate'],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const { client } = remote(args)
    if (args['dry-run']) {
      const before = answered(await client.GET('/keys', {}))
      if (before.state === 'none') throw new Fault(EXIT.refused, 'No previous key is set.')
      return output.say({ would: { columns: before.of } }, `Would check ${before.of} encrypted columns.`)
    }
    let state = answered(await client.POST('/keys/rotation', {}))
    while (state.state === 'running') {
      await new Promise((resume) => setTimeout(resume, EVERY))
      state = answered(await client.GET('/keys', {}))
    }
    output.say(state, () => sheet(state))
    if (state.failed > 0)
      throw new Fault(EXIT.refused, `${state.failed} values cannot be decrypted with either key.`)
  },
})

export const key = group('key', 'Changes the master key.', { status, rotate })
