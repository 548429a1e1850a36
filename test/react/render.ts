// Renders into a page of its own, the way an app does, and waits for React to be done.
import { act, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'

export interface Rendered {
  readonly text: () => string
  render(element: ReactNode): Promise<void>
  unmount(): Promise<void>
}

/** Renders `element`; React's complaints go to `onError`, or fail the test where they are thrown. */
export async function render(element: ReactNode, onError?: (error: unknown) => void): Promise<Rendered> {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
  const container = document.createElement('div')
  const root = createRoot(container, onError ? { onCaughtError: onError, onUncaughtError: onError } : {})
  await act(async () => root.render(element))
  return {
    text: () => container.textContent ?? '',
    render: (next) => act(async () => root.render(next)),
    unmount: () => act(async () => root.unmount()),
  }
}
