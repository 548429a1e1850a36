/**
 * What this tab shows of itself to the others. Presence is one state a tab, and several parts of the page have something to
 * show; each keeps its own part here and leaves the others' alone.
 */
import type { Json, Presence } from 'headwater'

type Parts = Readonly<Record<string, Json>>

let parts: Parts = {}

/** Shows `value` as the part `name`; nothing takes the part away. */
export function showPart(presence: Presence | undefined, name: string, value: Json | undefined): void {
  const { [name]: _before, ...others } = parts
  parts = value === undefined ? others : { ...others, [name]: value }
  presence?.set({ ...parts })
}

/** The part `name` of what another tab shows. */
export function partOf(state: Json, name: string): Json | undefined {
  return typeof state === 'object' && state !== null && !Array.isArray(state)
    ? Reflect.get(state, name)
    : undefined
}
