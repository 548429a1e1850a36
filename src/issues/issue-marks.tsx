/** What marks an issue beside its title, in a row as on a card. */
import type { ReactNode } from 'react'
import { Icon } from '../page/icon.tsx'

export function CommentCount({ comments }: { readonly comments: number }): ReactNode {
  if (comments === 0) return null
  return (
    <span className="comment-count">
      <Icon name="comment" />
      {comments}
      <span className="sr-only"> comments</span>
    </span>
  )
}

export function Labels({ labels }: { readonly labels: readonly string[] }): ReactNode {
  return labels.map((label) => (
    <span key={label} className="label">
      {label}
    </span>
  ))
}
