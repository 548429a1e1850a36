/**
 * What an issue is about: an editor, loaded when it is first wanted. A moment of the past has no documents, so there it is
 * the text that the issue was opened with, for as long as nobody had written in it.
 */
import { type ReactNode, Suspense } from 'react'
import type { Issue } from '../model.ts'
import { useIsPast } from '../moment.ts'
import { ErrorBoundary } from '../page/error-boundary.tsx'
import { Fault } from '../page/fault.tsx'
import type { FaultText } from '../page/fault-of.ts'
import { lazyPlace } from '../page/lazy-place.ts'
import { PlainDescription } from './plain-description.tsx'

const DescriptionEditor = lazyPlace(
  'The editor of the description',
  async () => (await import('./editor/description-editor.tsx')).DescriptionEditor,
)

export function Description({ issue }: { readonly issue: Issue }): ReactNode {
  const isPast = useIsPast()
  return (
    <section className="description" aria-label="Description">
      {isPast ? (
        <PastDescription text={issue.body} />
      ) : (
        <ErrorBoundary fallback={(error) => <Unwritable text={issue.body} error={error} />}>
          <Suspense fallback={<PlainDescription text={issue.body} />}>
            <DescriptionEditor issue={issue} />
          </Suspense>
        </ErrorBoundary>
      )}
    </section>
  )
}

/** Without its editor the text can still be read. */
function Unwritable({ text, error }: { readonly text: string; readonly error: FaultText }): ReactNode {
  return (
    <>
      <PlainDescription text={text} />
      <Fault what="Opening the editor" error={error} />
    </>
  )
}

function PastDescription({ text }: { readonly text: string }): ReactNode {
  if (text !== '') return <PlainDescription text={text} />
  return (
    <p className="hint">
      By then it had no description, or one that people write together: those are documents, and only shown as
      they are now.
    </p>
  )
}
