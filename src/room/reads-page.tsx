/** What this page reads: the live queries that it holds on each view, and how many answers came. */
import type { ReactNode } from 'react'
import { useTracker } from '../database.ts'
import { formatCount, formatShort } from '../format.ts'
import { hrefOf } from '../route.ts'
import { useSamples } from './samples.ts'

export function ReadsPage(): ReactNode {
  const db = useTracker()
  const samples = useSamples(({ views }) => views)
  const watched = new Map(db.watched().map((of) => [of.view, of]))
  return (
    <section className="panel" aria-labelledby="reads-heading">
      <header>
        <h2 id="reads-heading">What this page reads</h2>
        <p>
          A live query is answered once, and again whenever a row changed that its answer was read from. Other
          tabs read for themselves. Queries end with the component that asked them, a second later.
        </p>
      </header>
      <table className="figures">
        <thead>
          <tr>
            <th scope="col">View</th>
            <th scope="col">Live queries</th>
            <th scope="col">Answers so far</th>
            <th scope="col">A second</th>
          </tr>
        </thead>
        <tbody>
          {[...samples].map(([name, of]) => (
            <tr key={name}>
              <th scope="row">
                <a href={hrefOf({ page: 'room', within: ['view', name] })}>{name}</a>
              </th>
              <td>{formatCount(watched.get(name)?.queries ?? 0)}</td>
              <td>{formatCount(watched.get(name)?.answers ?? 0)}</td>
              <td>{formatShort(Math.round(of.at(-1)?.answered ?? 0))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
