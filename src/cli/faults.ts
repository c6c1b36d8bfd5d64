/** The exit codes of the program. */
export const EXIT = {
  done: 0,
  /** The gateway refused the call, or it failed. */
  refused: 1,
  /** The command line is invalid. */
  usage: 2,
  /** The gateway did not answer, or asked to retry later. */
  unreachable: 3,
  /** The command finished, but its result needs attention: rows were refused or checks failed. */
  attention: 4,
} as const
export type Exit = (typeof EXIT)[keyof typeof EXIT]

/** An error that ends a command, with a message for its user. */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly exit: Exit
  /** The document that `--json` prints instead of the message alone. */
  readonly told: Readonly<Record<string, unknown>>

  constructor(exit: Exit, message: string, told: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.exit = exit
    this.told = { title: message, ...told }
  }
}

export const usage = (message: string): Fault => new Fault(EXIT.usage, message)
