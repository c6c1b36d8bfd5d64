import type { Reporter, TestModule } from 'vitest/node'

/** Ends the run with one plain line that any program can read; before it, why tests were skipped. */
// biome-ignore lint/style/noDefaultExport: vitest loads a reporter by its default export.
export default class CountReporter implements Reporter {
  #closing: string[] = []

  constructor() {
    // At the very end: vitest prints its own summary, and notes about a slow exit, before.
    process.on('exit', () => {
      for (const line of this.#closing) process.stdout.write(`${line}\n`)
    })
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0 }
    const reasons = new Map<string, number>()
    for (const module of modules) {
      const results = [...module.children.allTests()].map((test) => test.result())
      // A file that cannot be loaded, or whose hooks fail, counts as one failure.
      if (module.state() === 'failed' && results.every(({ state }) => state !== 'failed')) count.failed++
      for (const result of results) {
        // A test that never ran is not a success: its file or hook has failed, or the run was interrupted.
        count[result.state === 'pending' ? 'skipped' : result.state]++
        if (result.state === 'skipped' && result.note !== undefined) {
          reasons.set(result.note, (reasons.get(result.note) ?? 0) + 1)
        }
      }
    }
    const { passed, failed, skipped } = count
    this.#closing = [
      ...[...reasons].map(([note, tests]) => `${tests} skipped: ${note}`),
      `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`,
    ]
  }
}
