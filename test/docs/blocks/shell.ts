import { spawn } from 'node:child_process'
import { expect } from 'vitest'

/** In milliseconds; only a command that waits for input takes longer. */
const PATIENCE = 120_000

export interface Shell {
  /** Runs a block and returns its output. If a command in it fails, so does the block. */
  run(block: string): Promise<{ readonly code: number; readonly text: string }>
  end(): void
}

/** A shell in a folder, into which blocks are pasted. */
export function openShell(folder: string, env: Readonly<Record<string, string>>): Shell {
  // Its own process group, so that everything a block leaves running ends with it.
  const shell = spawn('bash', ['--noprofile', '--norc'], { cwd: folder, env, detached: true })
  let printed = ''
  for (const stream of [shell.stdout, shell.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
  let blocks = 0
  return {
    async run(block) {
      printed = ''
      const mark = `end-of-block-${++blocks}`
      shell.stdin.write(`trap 'failed=\${failed:-$?}' ERR\nfailed=\n${block}\necho "${mark} \${failed:-0}"\n`)
      await expect
        .poll(() => printed, { timeout: PATIENCE, interval: 50 })
        .toMatch(new RegExp(`${mark} \\d+\n`))
      const code = Number(new RegExp(`${mark} (\\d+)\n`).exec(printed)?.[1])
      return { code, text: printed }
    },
    end() {
      try {
        process.kill(-(shell.pid ?? 0), 'SIGKILL')
      } catch {
        // It has ended.
      }
    },
  }
}
