import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { defineConfig } from 'vitepress'

const at = (text: string, link: string) => ({ text, link })
/** From here .scripts/docs.mjs takes it to what the gateway serves at `/docs`. */
const OUT = join(import.meta.dirname, '..', '..', 'dist', 'site')
const BASE = '/docs/'

/** A page's own scripts as files, so that its policy needs no exception for them. */
function withoutInlineScripts(html: string): string {
  return html.replace(/<script([^>]*)>([^<]+)<\/script>/g, (_, attributes: string, code: string) => {
    const name = `page-${createHash('sha256').update(code).digest('hex').slice(0, 8)}.js`
    mkdirSync(join(OUT, 'assets'), { recursive: true })
    writeFileSync(join(OUT, 'assets', name), code)
    return `<script${attributes} src="${BASE}assets/${name}"></script>`
  })
}

interface Token {
  readonly type: string
  children: Token[] | null
  attrGet(name: string): string | null
}

/** Links to files of the repository that are no pages: on the site only their words are left. */
function withoutOutsideLinks(tokens: readonly Token[], page: string): void {
  for (const token of tokens) {
    if (!token.children) continue
    let outside = false
    token.children = token.children.filter((child) => {
      if (child.type === 'link_open') {
        outside = leaves(child.attrGet('href') ?? '', page)
        return !outside
      }
      return !(child.type === 'link_close' && outside)
    })
  }
}

/** Whether a link leads out of the folder of the pages, or to a file there that is no page. */
function leaves(href: string, page: string): boolean {
  if (/^([a-z]+:|#|\/)/.test(href)) return false
  const path = posix.join(posix.dirname(page), href.split('#')[0] ?? '')
  return path.startsWith('..') || !path.endsWith('.md')
}

// biome-ignore lint/style/noDefaultExport: VitePress loads it so.
export default defineConfig({
  title: 'Pushport',
  description: 'Leave your push vendor without losing the phones that never update.',
  base: BASE,
  outDir: OUT,
  cleanUrls: true,
  head: [['link', { rel: 'icon', href: '/console/icon.svg', type: 'image/svg+xml' }]],
  ignoreDeadLinks: [/^https?:\/\/(localhost|127)/],
  markdown: {
    config(md) {
      md.core.ruler.push('outside-links', ({ tokens, env }) =>
        withoutOutsideLinks(tokens as unknown as Token[], env.relativePath ?? ''),
      )
    },
  },
  metaChunk: true,
  transformHtml: withoutInlineScripts,
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [at('Start here', '/'), at('API', '/api'), at('Configuration', '/configuration')],
    sidebar: [
      {
        text: 'Start',
        items: [at('Start here', '/'), at('The console', '/console'), at('Glossary', '/glossary')],
      },
      {
        text: 'Recipes',
        items: [
          at('Pusher Beams', '/recipes/pusher-beams'),
          at('Pushwoosh', '/recipes/pushwoosh'),
          at('IBM MobileFirst', '/recipes/mobilefirst'),
          at('Backendless', '/recipes/backendless'),
          at('Flameup', '/recipes/flameup'),
        ],
      },
      {
        text: 'Leaving a vendor, week by week',
        items: [
          at('Pusher Beams', '/vendors/pusher-beams'),
          at('Pushwoosh', '/vendors/pushwoosh'),
          at('IBM MobileFirst', '/vendors/mobilefirst'),
          at('Backendless', '/vendors/backendless'),
          at('Flameup', '/vendors/flameup'),
        ],
      },
      {
        text: 'Moving',
        items: [
          at('From an empty folder to a moved app', '/migrate'),
          at('Mirrors', '/mirror'),
          at('Readiness', '/readiness'),
          at('Import', '/import'),
          at('Undo', '/undo'),
          at('Export', '/export'),
          at('Replaying recorded calls', '/replay'),
          at('Sending and push services', '/push-services'),
        ],
      },
      {
        text: 'Running it',
        items: [
          at('Operations on Node', '/operations'),
          at('Limits and retention', '/limits'),
          at('On Cloudflare Workers', '/deploy-cloudflare'),
          at('Backup', '/backup'),
          at('Replacing the master key', '/keys'),
          at('Events and webhooks', '/events'),
          at('Scaling and PostgreSQL', '/scaling'),
          at('Security', '/security'),
          at('Privacy', '/privacy'),
        ],
      },
      {
        text: 'Reference',
        items: [
          at('Configuration', '/configuration'),
          at('Command line', '/cli'),
          at('Admin API', '/admin-api'),
          at('Compatibility', '/compatibility'),
          at('APIs', '/api'),
          at('How it is built', '/architecture'),
        ],
      },
    ],
    socialLinks: [],
  },
})
