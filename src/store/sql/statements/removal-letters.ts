import { ofApp } from '../conditions.ts'
import { aside, inTurn } from '../forms.ts'
import { type Alias, devices, events as eventRows, feedLetters } from '../tables.ts'
import { sql, value } from '../template.ts'
import { type Hanging, type Part, rowsOf, type Trace } from './removal-traces.ts'

/** Letters: events not accepted by receivers of the feed. They are deleted before their events and their devices. */

const d = devices.as('d')
const letter = feedLetters.as('t')
const l = feedLetters.as('l')
const ended = eventRows.as('ended')

const LETTER = rowsOf(feedLetters, (of) => [of.hook, of.event, of.part])

/** Letters of a device. */
export const letters: Hanging = {
  ...LETTER,
  on: sql`${letter.appId} = ${d.appId} AND ${letter.device} = ${d.id}`,
}

/** Letters of removed devices, and of events, each given by a query. */
export const lettersOf = (gone: Part, events: Part): readonly Trace[] => [
  { ...LETTER, from: sql`FROM ${letter} WHERE ${ofApp(letter)} AND ${letter.device} IN (${gone})` },
  {
    ...LETTER,
    from: sql`FROM (${events}) ended ${inTurn(letter, sql`${letter.event} = ${ended.id} AND ${aside(letter.appId)} = ${value('app')}`)}`,
  },
]

/** The event or its device still has letters, so it must stay until they are deleted. */
export const stillWaits = (of: Alias<'events'>): Part => sql`(
  EXISTS (SELECT 1 FROM ${l} WHERE ${ofApp(l)} AND ${l.device} = ${of.deviceId} AND ${l.device} <> '')
  OR EXISTS (SELECT 1 FROM ${l} WHERE ${l.event} = ${of.id}))`
