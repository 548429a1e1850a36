/** The front of the machine room: what is the truth, what is derived, what is read, as a picture and as a list. */
import type { ReactNode } from 'react'
import { LatePart } from '../page/late-part.tsx'
import { lazyPlace } from '../page/lazy-place.ts'
import { useMedia } from '../page/use-media.ts'
import { FlowActs } from './flow-acts.tsx'
import { LogTail } from './log-tail.tsx'
import { Preview } from './preview.tsx'
import { ViewsPanel } from './views-panel.tsx'

const FlowGraph = lazyPlace(
  'The picture of the dataflow',
  async () => (await import('./graph/flow-graph.tsx')).FlowGraph,
)

export function Front(): ReactNode {
  // On a small screen the list below says the same, and the picture's code is not even loaded.
  const hasRoom = useMedia('(min-width: 60rem)')
  return (
    <>
      <section className="panel" aria-labelledby="flow-heading">
        <header>
          <h2 id="flow-heading">Dataflow</h2>
          <p>
            The engine behind this page, while it runs: every figure is its own. Open a view to watch it,
            pause it, break it and mend it.
          </p>
          <FlowActs />
        </header>
        <Parts />
        {hasRoom && (
          <LatePart coming={<div className="flow-coming" />}>
            <FlowGraph />
          </LatePart>
        )}
      </section>
      <Preview />
      <ViewsPanel />
      <LogTail limit={12} />
    </>
  )
}

function Parts(): ReactNode {
  return (
    <ul className="parts">
      <li data-part="truth">
        <h3>The log is the truth</h3>
        <p>What happens is added to it as an event and never changed. It alone has to be kept.</p>
      </li>
      <li data-part="derived">
        <h3>Views are derived</h3>
        <p>
          Each folds the log at its own pace. One can fail, be thrown away or be rebuilt: nothing is lost.
        </p>
      </li>
      <li data-part="read">
        <h3>The page reads views</h3>
        <p>It asks live queries. Only those whose rows an event has touched are answered again.</p>
      </li>
    </ul>
  )
}
