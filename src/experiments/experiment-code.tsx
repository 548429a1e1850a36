/** The very code that runs, for who wants to see how it is written; loaded when it is asked for. */
import { type ReactNode, type SyntheticEvent, useState } from 'react'
import { tellFailure } from '../page/notice-store.ts'

const sources = import.meta.glob<string>('./runs/*.ts', { query: '?raw', import: 'default' })

export function ExperimentCode({ slug }: { readonly slug: string }): ReactNode {
  const [code, setCode] = useState<string>()
  const load = ({ currentTarget }: SyntheticEvent<HTMLDetailsElement>): void => {
    if (!currentTarget.open || code !== undefined) return
    sources[`./runs/${slug}.ts`]?.().then(setCode, tellFailure('Loading the code'))
  }
  return (
    <details className="experiment-code" onToggle={load}>
      <summary>The code of this experiment</summary>
      <pre>
        <code>{code ?? 'Loading…'}</code>
      </pre>
    </details>
  )
}
