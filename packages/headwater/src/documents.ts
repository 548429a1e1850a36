/**
 * Collaborative documents, by their own entry: a model that declares them imports this. What merges is loaded by the worker;
 * the page loads Yjs when it opens a document.
 */

export * from '@headwater/views/documents'
export type { OpenDocument } from './documents/document-handle.ts'
