import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Reporter, TestModule } from 'vitest/node'
import type { Facts, Ran } from './facts.ts'

/**
 * Writes the calls that the tests of each file made to the folder in COMPATIBILITY (`npm run compatibility`).
 */
// biome-ignore lint/style/noDefaultExport: vitest loads a reporter by its default export.
export default class CompatibilityReporter implements Reporter {
  onTestModuleEnd(module: TestModule): void {
    const folder = process.env.COMPATIBILITY
    if (folder === undefined) return
    const file = relative(process.cwd(), module.moduleId)
    const tests = [...module.children.allTests()].flatMap((test): Ran[] => {
      const { played, player, server, row, lack } = test.meta()
      const { state } = test.result()
      if ((!played && !row) || (state !== 'passed' && state !== 'failed')) return []
      return [{ title: test.fullName, passed: state === 'passed', played, player, server, row, lack }]
    })
    const facts: Facts = {
      ...{ project: module.project.name, file, date: new Date().toISOString().slice(0, 10), tests },
    }
    mkdirSync(folder, { recursive: true })
    const name = `${facts.project} ${file}`.replace(/[^A-Za-z0-9.-]+/g, '_')
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(facts))
  }
}
