/** A description to read, as plain text. */
import type { ReactNode } from 'react'

export function PlainDescription({ text }: { readonly text: string }): ReactNode {
  return <div className="body">{text}</div>
}
