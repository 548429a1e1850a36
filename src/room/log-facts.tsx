/** How large the log is, and what this tab does for it. */
import { useStatus } from '@headwater/react'
import type { ReactNode } from 'react'
import { formatBytes, formatCount } from '../format.ts'

export function LogFacts(): ReactNode {
  const { head, records, bytes, aside } = useStatus((status) => status.log)
  const leads = useStatus((status) => status.leads)
  return (
    <dl className="facts panel-facts">
      <Fact name="head" value={formatCount(head)} />
      <Fact name="records" value={formatCount(records)} />
      <Fact name="size" value={formatBytes(bytes)} />
      {aside > 0 && <Fact name="set aside" value={formatCount(aside)} />}
      <Fact name="this tab" value={leads ? 'leads' : 'follows'} />
    </dl>
  )
}

export function Fact({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
