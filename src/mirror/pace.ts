import type { MirrorSettings } from '../domain/mirror.ts'

/** Limits the gateway's own calls per vendor and second, as the operator configured. */
export interface CallPace {
  /** Whether another call may be made in this second. */
  admits(of: Pick<MirrorSettings, 'upstream' | 'maxPerSecond'>, at: number): boolean
}

/** Most vendors counted per second. */
const MOST = 1000

export function createCallPace(): CallPace {
  const turns = new Map<string, { second: number; made: number }>()
  return {
    admits({ upstream, maxPerSecond }, at) {
      const second = Math.floor(at / 1000)
      const turn = turns.get(upstream)
      if (turn?.second === second) {
        if (turn.made >= maxPerSecond) return false
        turn.made++
        return true
      }
      if (turns.size >= MOST) turns.clear()
      turns.set(upstream, { second, made: 1 })
      return true
    },
  }
}
