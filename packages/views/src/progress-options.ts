/** What work that takes long may be given: whom to tell how far it is, and when to stop waiting for it. */
export interface ProgressOptions {
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
  readonly signal?: AbortSignal
}
