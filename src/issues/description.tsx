/**
 * What an issue is about: an editor, loaded when it is first wanted. A moment of the past has no documents, so there it is
 * the text that the issue was opened with, for as long as nobody had written in it.
 */
import { lazy, type ReactNode, Suspense } from 'react'
import type { Issue } from '../model.ts'
import { useIsPast } from '../moment.ts'
import { PlainDescription } from './plain-description.tsx'

const DescriptionEditor = lazy(async () => ({
  default: (await import('./editor/description-editor.tsx')).DescriptionEditor,
}))

export function Description({ issue }: { readonly issue: Issue }): ReactNode {
  const isPast = useIsPast()
  return (
    <section className="description" aria-label="Description">
      {isPast ? (
        <PastDescription text={issue.body} />
      ) : (
        <Suspense fallback={<PlainDescription text={issue.body} />}>
          <DescriptionEditor issue={issue} />
        </Suspense>
      )}
    </section>
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
