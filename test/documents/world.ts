// The world of the document tests: authors who type into plain Yjs documents, and a view over a profile's log that merges
// what they typed. The naive twin applies every update to one Yjs document.

import type { Receipt, StoredEvent } from '@headwater/log'
import type { DocumentsDefinition, FoldWatch } from '@headwater/views'
import { cutUpdate, documents } from '@headwater/views/documents'
import * as Y from 'yjs'
import { digestOf, textOf } from '../../packages/views/src/documents/content.ts'
import { parseDocumentEvent } from '../../packages/views/src/documents/event.ts'
import { createDocumentsKind, defineDocumentsGroup } from '../../packages/views/src/documents/group.ts'
import { createMergingDocument } from '../../packages/views/src/documents/merging.ts'
import { createViewGroup, type ViewGroup } from '../../packages/views/src/group/view-group.ts'
import type { OpenedView } from '../contract/view.contract.ts'
import { groupOptions, slice } from '../views/group-options.ts'
import { createProfile, type Profile } from '../views/world.ts'

export const notes: DocumentsDefinition<'notes'> = documents('notes')

/** A profile whose log knows the documents' events. */
export function createWriter(seed = 1): Profile {
  return createProfile(seed, [notes.event])
}

/** The view, as a tab would open it. */
export function openNotes(
  profile: Profile,
  { watch, cacheBytes }: { watch?: FoldWatch; cacheBytes?: number } = {},
): ViewGroup {
  return createViewGroup({
    ...groupOptions(profile, cacheBytes),
    definition: defineDocumentsGroup(notes, profile.log.build),
    kind: createDocumentsKind(notes, watch),
  })
}

/** Folds what the log has, `maxEvents` at a time. */
export async function feed({ log }: Profile, group: ViewGroup, maxEvents = 2_000): Promise<void> {
  await log.refresh()
  while (!group.stopped && group.feedAfter < log.head) {
    const after = group.feedAfter
    await group.fold({ ...(await log.read(after, { maxEvents })), after }, slice)
  }
}

/** Opens, restores and feeds. */
export async function openFed(
  profile: Profile,
  options: Parameters<typeof openNotes>[1] = {},
): Promise<ViewGroup> {
  const group = openNotes(profile, options)
  await group.restore()
  await feed(profile, group)
  return group
}

export function asOpened(profile: Profile, group: ViewGroup): OpenedView {
  return { view: group, feed: () => feed(profile, group) }
}

/** Somebody who types. What is typed is an update each time. */
export interface Author {
  readonly doc: Y.Doc
  /** The updates that `edit` made, as one. */
  type(edit: (doc: Y.Doc) => void): Uint8Array
}

export function createAuthor(client: number): Author {
  const doc = new Y.Doc()
  doc.clientID = client
  return {
    doc,
    type(edit) {
      const updates: Uint8Array[] = []
      const note = (update: Uint8Array): void => void updates.push(update)
      doc.on('update', note)
      doc.transact(() => edit(doc))
      doc.off('update', note)
      return Y.mergeUpdates(updates)
    },
  }
}

/** Appends an update, in as many parts as it takes, each a commit of its own. */
export async function appendUpdate(profile: Profile, id: string, update: Uint8Array): Promise<Receipt> {
  let receipt: Receipt | undefined
  for (const body of cutUpdate(id, update, profile.random)) receipt = await profile.append(notes.event(body))
  return receipt!
}

/** What the view says, by document. */
export async function digestsOf(group: ViewGroup): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>()
  for await (const [key, digest] of group.digests('notes')) digests.set(key, digest)
  return digests
}

export async function textIn(group: ViewGroup, id: string, root?: string): Promise<unknown> {
  const args = root === undefined ? [id] : [id, { root }]
  return (await group.answer({ view: 'notes', method: 'text', args })).value
}

export async function figuresOf(group: ViewGroup, id: string): Promise<unknown> {
  return (await group.answer({ view: 'notes', method: 'figures', args: [id] })).value
}

/** Every update of every document, applied to one Yjs document each; parts are put together first. */
export function naiveDocuments(events: readonly StoredEvent[]): ReadonlyMap<string, Y.Doc> {
  const docs = new Map<string, Y.Doc>()
  const parts = new Map<string, Map<number, Uint8Array>>()
  for (const { data } of events) {
    const event = parseDocumentEvent(data as Uint8Array)
    if (!event) continue
    const doc = docs.get(event.id) ?? createMergingDocument(event.id)
    docs.set(event.id, doc)
    if (event.parts === 1) Y.applyUpdate(doc, event.bytes)
    else {
      const held = parts.get(event.whole) ?? new Map<number, Uint8Array>()
      parts.set(event.whole, held.set(event.part, event.bytes))
      if (held.size < event.parts) continue
      const inOrder = [...held].sort(([a], [b]) => a - b).map(([, bytes]) => bytes)
      Y.applyUpdate(doc, new Uint8Array(Buffer.concat(inOrder)))
    }
  }
  return docs
}

/** Text and digest of a naive document, without what Yjs keeps waiting. */
export function naiveContent(doc: Y.Doc): { readonly text: string; readonly digest: string } {
  return { text: textOf(doc), digest: digestOf(doc) }
}

/** What happens to the tabs of a profile. */
export type TabStep =
  | { readonly type: 'open' | 'closeTab' | 'adopt' }
  | { readonly type: 'checkpoint' | 'rebuild'; readonly tab: number }

/** At most three tabs are open. */
export async function takeInTab(profile: Profile, tabs: ViewGroup[], step: TabStep): Promise<void> {
  switch (step.type) {
    case 'open':
      if (tabs.length < 3) tabs.push(await openFed(profile, { cacheBytes: 1 }))
      break
    case 'closeTab':
      await tabs.shift()?.close()
      break
    case 'adopt':
      for (const each of tabs) await each.adopt()
      break
    case 'checkpoint':
      await tabs[step.tab % tabs.length]?.checkpointNow(true)
      break
    case 'rebuild': {
      const target = tabs[step.tab % tabs.length]
      const rebuilt = target?.rebuild()
      if (target) await feed(profile, target)
      await rebuilt
    }
  }
}
