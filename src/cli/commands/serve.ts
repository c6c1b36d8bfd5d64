import { command } from '../command.ts'

export const serve = command({
  name: 'serve',
  is: 'Runs a gateway on this machine. Settings are environment variables (docs/configuration.md).',
  args: {
    port: {
      type: 'string',
      valueHint: 'PORT',
      description: 'The port to listen on, like PUSHPORT_PORT (8787).',
    },
    host: {
      type: 'string',
      valueHint: 'HOST',
      description: 'The address to listen on, like PUSHPORT_HOST (127.0.0.1).',
    },
    demo: { type: 'boolean', description: 'Creates a demo app if there is no app yet.' },
  },
  examples: ['pushport serve', 'PUSHPORT_HOST=0.0.0.0 pushport serve --port 9000'],
  async run({ rawArgs }) {
    process.argv.splice(2, Number.POSITIVE_INFINITY, ...rawArgs)
    await import('../../node.ts')
    // The server runs until a signal ends it, with an exit code of its own.
    await new Promise(() => {})
  },
})
