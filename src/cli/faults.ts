/** With which code the program ends. */
export const EXIT = {
  done: 0,
  /** The gateway refused the call, or it failed. */
  refused: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** Nobody answered, or the gateway asks to come back later. */
  unreachable: 3,
  /** Everything was done, and somebody should look at what came of it: rows that were refused, checks that failed. */
  attention: 4,
} as const
export type Exit = (typeof EXIT)[keyof typeof EXIT]

/** What ends a command, in words for whoever typed it. */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly exit: Exit
  /** What `--json` says instead of the message alone. */
  readonly told: Readonly<Record<string, unknown>>

  constructor(exit: Exit, message: string, told: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.exit = exit
    this.told = { title: message, ...told }
  }
}

export const usage = (message: string): Fault => new Fault(EXIT.usage, message)
