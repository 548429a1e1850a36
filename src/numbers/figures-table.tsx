/** The figures of a chart as a table, folded away until somebody wants them; those of one group say which rows made them. */
import { type ReactNode, useState } from 'react'
import { formatCount } from '../format.ts'
import { Why, type WhyProps } from '../room/why.tsx'

interface FiguresTableProps {
  /** The heads of the columns, the first one that of the names. */
  readonly heads: readonly string[]
  readonly rows: readonly FiguresRow[]
}

export interface FiguresRow {
  readonly key: string
  readonly name: ReactNode
  readonly figures: readonly Figure[]
}

interface Figure {
  readonly value: number
  readonly why?: WhyProps
}

export function FiguresTable({ heads, rows }: FiguresTableProps): ReactNode {
  const [isOpen, setOpen] = useState(false)
  return (
    <details className="table" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>As a table</summary>
      {isOpen && (
        <table>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, name, figures }) => (
              <tr key={key}>
                <th scope="row">{name}</th>
                {figures.map(({ value, why }, i) => (
                  <td key={heads[i + 1]}>
                    {why && value > 0 && <Why {...why} />}
                    {formatCount(value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  )
}
