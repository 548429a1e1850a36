/**
 * Other people's cursors: the awareness that editor bindings of Yjs know, carried by the database's presence. Each tab shows
 * which issue it writes in, and its awareness as Yjs encodes it; nothing of it is stored.
 */
import type { Presence, PresenceEntry } from 'headwater'
import {
  Awareness,
  applyAwarenessUpdate,
  encodeAwarenessUpdate,
  removeAwarenessStates,
} from 'y-protocols/awareness'
import type { Doc } from 'yjs'
import { partOf, showPart } from '../../devices/presence.ts'
import { hueOf } from '../../people.ts'

export interface Cursors {
  readonly awareness: Awareness
  /** Takes the own cursor away. */
  stop(): void
}

/** What a tab shows of itself while it has a description open. */
interface Writing {
  readonly issue: string
  readonly client: number
  /** Of the awareness protocol, in base64. */
  readonly awareness: string
}

/** The part of this tab's presence that it is. */
const PART = 'writing'

/** Nobody signs in here, so whoever writes gets a name of the river. */
const NAMES = [
  'Heron',
  'Otter',
  'Kingfisher',
  'Dipper',
  'Salmon',
  'Beaver',
  'Mayfly',
  'Trout',
  'Newt',
  'Crane',
]

export function showCursors(presence: Presence, issue: string, doc: Doc): Cursors {
  const awareness = new Awareness(doc)
  const name = NAMES[doc.clientID % NAMES.length] ?? 'Somebody'
  const hue = hueOf(name)
  let shown: ReadonlySet<number> = new Set()

  const tell = (_changes: unknown, origin: unknown): void => {
    if (origin === presence) return
    const update = encodeAwarenessUpdate(awareness, [doc.clientID])
    showPart(presence, PART, { issue, client: doc.clientID, awareness: bytesToText(update) })
  }
  const take = (others: readonly PresenceEntry[]): void => {
    const here = others
      .map(({ state }) => partOf(state, PART))
      .filter((part): part is Writing & typeof part => isWriting(part, issue))
    for (const { awareness: update } of here) applyAwarenessUpdate(awareness, textToBytes(update), presence)
    const clients = new Set(here.map(({ client }) => client))
    const gone = [...shown].filter((client) => !clients.has(client))
    if (gone.length > 0) removeAwarenessStates(awareness, gone, presence)
    shown = clients
  }
  awareness.on('update', tell)
  awareness.setLocalState({
    user: { name, color: `hsl(${hue} 60% 36%)`, colorLight: `hsl(${hue} 60% 50% / 0.25)` },
  })
  take(presence.get())
  const stop = presence.subscribe(take)
  return {
    awareness,
    stop() {
      stop()
      awareness.off('update', tell)
      awareness.destroy()
      showPart(presence, PART, undefined)
    },
  }
}

/** Other tabs may be of another build. */
function isWriting(state: unknown, issue: string): state is Writing {
  if (typeof state !== 'object' || state === null) return false
  return (
    Reflect.get(state, 'issue') === issue &&
    typeof Reflect.get(state, 'client') === 'number' &&
    typeof Reflect.get(state, 'awareness') === 'string'
  )
}

const bytesToText = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))

function textToBytes(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
