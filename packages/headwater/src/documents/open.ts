/**
 * The documents that are open in this tab: each once, whoever opens it. Loaded, with Yjs, when the first is opened. When the
 * page is hidden or left, what was typed is stored at once.
 */
import { HeadwaterError } from '@headwater/log'
import type { DocumentsDefinition } from '@headwater/views'
import { faultOfId } from '@headwater/views/documents'
import type { AskHow } from '../client/face.ts'
import { onHidden } from '../platform.ts'
import type { OpenDocument } from './document-handle.ts'
import { type DocumentHost, type LiveDocument, openLiveDocument } from './live-document.ts'

/** Open documents. */
export interface OpenDocuments {
  open(view: DocumentsDefinition, id: string, how: AskHow): Promise<OpenDocument>
  /** Stores what was typed. Rejects with the first refusal, once all have been tried. */
  flushAll(): Promise<void>
  /** Ends with the database: what was typed is stored. */
  end(): Promise<void>
}

/** None open yet. */
export function createOpenDocuments(host: DocumentHost): OpenDocuments {
  const open = new Map<string, LiveDocument>()
  const flushAll = async (): Promise<void> => {
    const flushed = await Promise.allSettled([...open.values()].map((live) => live.flush()))
    for (const each of flushed) if (each.status === 'rejected') throw each.reason
  }
  // What cannot be stored now is tried again, while there is a page.
  const stop = onHidden(() => void flushAll().catch(() => undefined))
  return {
    async open(view, id, how) {
      refuseBadId(view, id)
      const name = `${view.name} ${id}`
      const live = open.get(name) ?? openLiveDocument(host, view, id, how, () => open.delete(name))
      open.set(name, live)
      const handle = live.handle()
      await live.ready
      return handle
    },
    flushAll,
    end() {
      stop()
      return flushAll()
    },
  }
}

function refuseBadId(view: DocumentsDefinition, id: unknown): void {
  const fault = faultOfId(id)
  if (fault === undefined) return
  throw new HeadwaterError('QUERY_INVALID', `A document of "${view.name}" has no such id: ${fault}.`, {
    hint: 'Take a short text, the key of what the document belongs to, say.',
  })
}
