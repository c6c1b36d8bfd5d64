import { present } from '../../../src/domain/payload.ts'
import type { Form, Rendering } from './form.ts'

/** An iOS push (sending.md 4.3): apps read `aps.alert` as an object. */
export function alertPush({ body, of, text }: Rendering): Form {
  const { message } = body
  const alert = present({
    ...{ body: text(message.alert), title: text(of.title), subtitle: text(of.subtitle) },
    ...{ 'title-loc-key': of.titleLocKey, 'title-loc-args': of.titleLocArgs },
    ...{ 'loc-key': of.locKey, 'loc-args': of.locArgs, 'launch-image': of.launchImage },
    ...{ 'action-loc-key': of.iosActionKey, 'summary-arg': of.apnsGroupSummaryArg },
    'summary-arg-count': of.apnsGroupSummaryArgCount,
  })
  const category = of.interactiveCategory ?? of.category
  const shown = {
    ...{ alert, badge: of.badge, sound: of.sound, category, 'thread-id': of.apnsThreadId },
    'mutable-content': of.attachmentUrl === undefined ? undefined : 1,
  }
  const silent = of.type === 'silent'
  return {
    document: present({
      aps: present({
        ...(silent ? {} : shown),
        'content-available': silent || of.type === 'mixed' ? 1 : undefined,
      }),
      ...{ payload: of.payload, url: message.url, 'attachment-url': of.attachmentUrl },
    }),
    collapse: of.apnsCollapseId,
  }
}
