/** Committed or durable: what the page asks of its appends, and what the last receipts say. */
import type { ReactNode } from 'react'
import { formatAge, formatCount, plural } from '../../format.ts'
import { useNow } from '../../page/use-now.ts'
import { hrefOf } from '../../route.ts'
import { type NotedReceipt, setAskedDurability, useReceipts } from './receipts.ts'

const CHOICES = [
  [
    'relaxed',
    'Relaxed',
    'Answered once the browser has it: committed. It survives a crash of the page or the browser.',
  ],
  ['strict', 'Strict', 'Answered once the disk has it: durable. It survives the machine, and takes longer.'],
] as const

export function Durability(): ReactNode {
  const { last, asked } = useReceipts()
  return (
    <section className="panel" aria-labelledby="durability-heading">
      <header>
        <h2 id="durability-heading">Committed or durable</h2>
        <p>An append is answered by a receipt, which says how safely the events are stored.</p>
      </header>
      <fieldset className="durability" aria-label="What appends of this page ask for">
        {CHOICES.map(([value, label, says]) => (
          <label key={value}>
            <input
              type="radio"
              name="durability"
              checked={asked === value}
              onChange={() => setAskedDurability(value)}
            />
            <span>
              <b>{label}</b> {says}
            </span>
          </label>
        ))}
      </fieldset>
      {last.length === 0 ? (
        <p className="hint">Nothing was appended on this page yet: change an issue, and look again.</p>
      ) : (
        <Receipts last={last} />
      )}
    </section>
  )
}

function Receipts({ last }: { readonly last: readonly NotedReceipt[] }): ReactNode {
  const now = useNow()
  return (
    <table className="figures">
      <caption>The last receipts of this page</caption>
      <thead>
        <tr>
          <th scope="col">Commit</th>
          <th scope="col">Asked</th>
          <th scope="col">Held</th>
          <th scope="col">Took</th>
          <th scope="col">When</th>
        </tr>
      </thead>
      <tbody>
        {last.map(({ receipt, asked, tookMs, at }) => (
          <tr key={receipt.commitId}>
            <th scope="row">
              <a href={hrefOf({ page: 'room', within: ['event', String(receipt.offset)] })}>
                {plural(receipt.count, 'event')} up to {formatCount(receipt.offset)}
              </a>
            </th>
            <td>{asked}</td>
            <td>{receipt.held}</td>
            <td>{tookMs.toFixed(1)} ms</td>
            <td>{formatAge(at, now)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
