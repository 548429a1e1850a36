// A view of documents against the contract of all views.

import { describeView } from '../contract/view.contract.ts'
import { appendUpdate, asOpened, createAuthor, createWriter, openNotes } from './world.ts'

describeView('documents', async () => {
  const profile = createWriter()
  const author = createAuthor(7)
  let count = 0
  return {
    log: profile.log,
    name: 'notes',
    async open() {
      const group = openNotes(profile)
      await group.restore()
      return asOpened(profile, group)
    },
    async append() {
      const update = author.type((doc) => doc.getText('body').insert(0, `line ${count++}\n`))
      await appendUpdate(profile, 'one', update)
    },
    request: { view: 'notes', method: 'text', args: ['one'] },
    badRequest: { view: 'notes', method: 'text', args: [''] },
  }
})
