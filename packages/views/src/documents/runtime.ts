/**
 * The runtime of views of documents, with Yjs: loaded only where they fold.
 */
export { answerDocuments } from './answers.ts'
export { documentDigests } from './digests.ts'
export { foldDocuments } from './fold.ts'
