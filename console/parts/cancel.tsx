import { type Answer, answered, useAction } from '../lib/api.ts'
import { useMay } from '../lib/who.ts'

/** A button that cancels an operation, for operators with permission, and the reason if that is refused. */
export function useCancel(call: () => Promise<Answer<unknown>>, reload: () => void) {
  const { busy, problem, run } = useAction()
  const may = useMay('operate')
  const cancel = () => run(() => answered(call())).then(reload)
  const button = may && (
    <button type="button" class="button danger" disabled={busy} onClick={cancel}>
      Cancel
    </button>
  )
  return { button, problem }
}
