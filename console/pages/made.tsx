import { dialectName } from '../lib/format.ts'
import { Notice } from '../parts/notice.tsx'
import { Card, Facts, Page } from '../parts/page.tsx'
import { Id } from '../parts/text.tsx'

type Setups = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** A new app's values, with its secrets, which are shown only once. */
export const Made = ({
  app,
  next,
}: {
  app: { readonly id: string; readonly dialects: Setups }
  next: () => void
}) => (
  <Page
    title="Your app is ready"
    lead="These keys are shown only once. Store those you need in a safe place."
  >
    <div class="narrow">
      <Notice kind="good" title="Next: point a build at this gateway">
        The next page has the exact lines, and shows the first call as it arrives.
      </Notice>
      {Object.entries(app.dialects).map(([dialect, setup]) => (
        <Card key={dialect} title={dialectName(dialect)}>
          <Facts of={texts(setup).map(([name, value]) => [name, <Id key={name} of={value} most={60} />])} />
        </Card>
      ))}
      <div class="form-actions">
        <button type="button" class="button primary" onClick={next}>
          Point your SDK here
        </button>
      </div>
    </div>
  </Page>
)

/** The texts in a document, by their paths. */
export function texts(of: unknown, way = ''): readonly (readonly [string, string])[] {
  if (of === null || of === undefined || of === '') return []
  if (typeof of !== 'object') return [[way, String(of)]]
  return Object.entries(of).flatMap(([name, value]) => texts(value, way ? `${way}.${name}` : name))
}
