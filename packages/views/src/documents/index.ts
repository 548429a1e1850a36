/**
 * The entry of documents: the builders of definitions, and nothing heavy. What merges is loaded by the side that folds, and by
 * a page that opens a document.
 */
export type { DocumentChanges, DocumentFigures } from './answers.ts'
export { type DocumentsOptions, document, documents } from './define.ts'
export { cutUpdate, faultOfId, MAX_DOCUMENT_ID_BYTES } from './event.ts'
