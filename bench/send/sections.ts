import { milliseconds, shown, times, whole } from '../kit/numbers.ts'
import type { Section } from '../report/report.ts'
import type { Killed } from './kills.ts'
import type { Million } from './million.ts'
import type { Planned } from './planning.ts'
import type { Speed } from './speed.ts'

interface Figures {
  readonly kills: Killed | null
  readonly speeds: readonly Speed[]
  readonly planned: Planned | null
  readonly largest: Million | null
  readonly peakBytes: number
}

const MIB = 1024 * 1024

export function sections({ kills, speeds, planned, largest, peakBytes }: Figures): readonly Section[] {
  return [
    {
      title: 'Recipients a second',
      text: 'Through the whole product to push services in a process of their own; the bare client sends the same bytes with `node:http2` or `node:http`, the cipher is that of Web Push in one thread. Microseconds are of CPU, for each phone: they tell more where others use the machine.',
      table: {
        head: [
          ...['', 'phones', 'ours /s', 'bare /s', 'ours : bare', 'ours µs', 'bare µs', 'bare : ours'],
          ...['cipher /s', 'ours : cipher', 'cipher µs', 'first phone ms', 'longest pause ms'],
        ],
        rows: speeds.map(({ provider, phones, ours, bare, cipher, first, silence }) => [
          ...[provider, whole(phones), whole(ours.rate), whole(bare.rate), times(ours.rate / bare.rate)],
          ...[whole(ours.cpu), whole(bare.cpu), times(bare.cpu / ours.cpu)],
          ...[shown(cipher?.rate, whole), shown(cipher && ours.rate / cipher.rate, times)],
          ...[shown(cipher?.cpu, whole), milliseconds(first), milliseconds(silence)],
        ]),
      },
    },
    {
      title: 'Planning, and the largest send',
      table: {
        head: ['', 'value'],
        rows: [
          ['phones planned a second', shown(planned?.ours, whole)],
          ['the bare read of the same rows, a second', shown(planned?.bare, whole)],
          ['planning : bare read', shown(planned && planned.ours / planned.bare, times)],
          ['phones of the largest send', shown(largest?.phones, whole)],
          ['ms to its first phone', shown(largest?.first, milliseconds)],
          ['recipients a second', shown(largest?.rate, whole)],
          ['registration p50 ms, without it', shown(largest?.alone.p50, milliseconds)],
          ['registration p50 ms, during it', shown(largest?.during.p50, milliseconds)],
          ['registration p99 ms, without it', shown(largest?.alone.p99, milliseconds)],
          ['registration p99 ms, during it', shown(largest?.during.p99, milliseconds)],
          ['p99 during : without', shown(largest && largest.during.p99 / largest.alone.p99, times)],
          ['phones of the send that was killed', shown(kills?.phones, whole)],
          ['times that it was killed (-9)', shown(kills?.kills, whole)],
          ['phones that it lost', shown(kills?.lost, whole)],
          ['phones reached twice, in all', shown(kills?.doubles, whole)],
          ['most memory of the gateway, MiB', whole(peakBytes / MIB)],
        ],
      },
    },
  ]
}
