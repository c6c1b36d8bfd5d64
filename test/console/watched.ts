import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** A page of the console, and everything that is a fault wherever it happens. */
export interface Watched {
  readonly page: Page
  /** Violations of the policy, errors, and requests to other hosts. */
  readonly faults: string[]
}

/** The browser's message when the page asks who is signed in and nobody is. */
const SIGNED_OUT = /status of 401/

export async function watch(browser: BrowserContext, origin: string): Promise<Watched> {
  const page = await browser.newPage()
  const faults: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' && !SIGNED_OUT.test(message.text())) faults.push(message.text())
  })
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) faults.push(`a request to ${request.url()}`)
  })
  await page.addInitScript(
    'addEventListener("securitypolicyviolation", (e) => console.error("policy", e.violatedDirective, e.blockedURI))',
  )
  return { page, faults }
}

/** Waits until a page shows its content. */
export async function shown(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor()
  await expect.poll(() => page.locator('[aria-label="Loading"]').count()).toBe(0)
}

/** The findings of axe, by rule and element; empty if there are none. */
export async function barriers(page: Page): Promise<readonly string[]> {
  // Through the debugger, because the page's own policy allows no other script.
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }
    interface Violation {
      readonly id: string
      readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
    }
    const { violations } = await axe.run()
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary.slice(0, 300)}`),
    )
  })
}
