/**
 * `OpenDocument`: a document that a page holds open, as the handle that `open` gives and as the live `Y.Doc` in it. Part of the
 * contract in `database.ts`.
 */
import type { HeadwaterError, Receipt } from '@headwater/log'
import type { Doc } from 'yjs'

/** An open document. */
export interface OpenDocument {
  readonly id: string
  /**
   * Live: whatever is typed into it is stored, and what others type appears in it. The same object for all who have it open
   * in this tab. Any binding of Yjs to an editor takes it. Its client id is drawn anew each time it is opened.
   */
  readonly doc: Doc
  /** Why what was typed could not be stored the last time that was tried; it is tried again by itself. */
  readonly error: HeadwaterError | undefined
  /**
   * Stores now what was typed, instead of within 100 ms. Resolves with the receipt of the last commit, or nothing where there
   * was nothing to store. Errors: those of `append`; what was typed is kept, and tried again.
   */
  readonly flush: () => Promise<Receipt | undefined>
  /**
   * Stores what was typed and lets go of the document; the last of its handles ends it. Idempotent. Errors: those of `flush`;
   * the document then stays open.
   */
  readonly close: () => Promise<void>
}
