import { confirm, isCancel, password, text } from '@clack/prompts'
import { usage } from './faults.ts'
import type { Output } from './output.ts'

/** Whether the program can prompt for input. */
const asks = ({ json }: Output): boolean =>
  !json && process.stdin.isTTY === true && process.stderr.isTTY === true

/** Asks before data is lost permanently; without a terminal, `--yes` is required. */
export async function confirmed(
  output: Output,
  yes: boolean | undefined,
  question: string,
): Promise<boolean> {
  if (yes) return true
  if (!asks(output)) throw usage(`${question} Confirm with --yes.`)
  const answer = await confirm({ message: question, initialValue: false, output: process.stderr })
  return answer === true
}

/**
 * A secret from the environment or, in a terminal, from a prompt. Arguments are not used, because every user
 * of the machine can read them.
 */
export async function secret(output: Output, variable: string, what: string): Promise<string> {
  const given = process.env[variable]
  if (given) return given
  if (!asks(output)) throw usage(`Set ${variable} to ${what}.`)
  const answer = await password({ message: `${what}:`, output: process.stderr })
  if (isCancel(answer) || answer === undefined || answer === '') throw usage(`Missing: ${what}.`)
  return answer
}

/** A value that is not secret; prompts for it if it was omitted. */
export async function asked(output: Output, given: string | undefined, what: string): Promise<string> {
  if (given) return given
  if (!asks(output)) throw usage(`Missing: ${what}.`)
  const answer = await text({ message: `${what}:`, output: process.stderr })
  if (isCancel(answer) || !answer) throw usage(`Missing: ${what}.`)
  return answer
}

export const YES = { yes: { type: 'boolean', alias: 'y', description: 'Does not ask.' } } as const
