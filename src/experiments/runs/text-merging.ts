/** Experiment 9: two people type at the same place of one text while offline; no letter of either is lost or torn apart. */
import { nearby, type Receipt } from 'headwater'
import type { OpenDocument } from 'headwater/documents'
import { defineExperiment } from '../experiment.ts'
import { menuBoard } from '../models/menu.ts'
import { formatMs } from '../wording.ts'

const COMMON = 'Today: soup.'
/** What each of them types behind “soup”, letter by letter. */
const TYPED = { phone: ' with bread', till: ' of the day' } as const
const PLACE = COMMON.length - 1

export const textMerging = defineExperiment({
  slug: 'text-merging',
  title: 'Two people, one text',
  idea: 'Agreement without coordination',
  story:
    'The menu says “Today: soup.” on a phone and on the till. Both go offline. On the phone somebody types “ with bread” behind the soup, on the till somebody else types “ of the day” at the very same place. Then the devices meet again.',
  question: 'What does the menu say then?',
  choices: {
    later: 'What the later of the two typed; the other’s words are gone.',
    both: 'Both, each of them whole, and the same on both devices.',
    mixed: 'Both, with their letters in each other: “ wiotfh…”.',
  },
  act: 'Type on both devices',
  lesson:
    '“The later one wins” is a poor rule for text: somebody’s words would be gone. A document keeps who typed which letter behind which, and merges by that, so that whatever order the edits arrive in, the same text comes out. The edits are events of the log like all others; the text is one more view.',
  chapter: 'Chapter 5, “Automatic Conflict Resolution” (data types without conflicts)',

  run: async (stage) => {
    const sync = nearby({ channel: stage.channel })
    const phone = await stage.open(menuBoard, 'phone', sync)
    const till = await stage.open(menuBoard, 'till', sync)
    const onPhone = await phone.views.menus.open('today')
    textOf(onPhone).insert(0, COMMON)
    const atLeast = await mustFlush(onPhone)
    const onTill = await till.views.menus.open('today', { atLeast })
    stage.tell(`Both devices show “${textOf(onTill).toJSON()}”`)

    await Promise.all([phone.sync.pause('offline'), till.sync.pause('offline')])
    type(onPhone, TYPED.phone)
    type(onTill, TYPED.till)
    const receipts = await Promise.all([mustFlush(onPhone), mustFlush(onTill)])
    stage.tell(
      `Offline, the phone shows “${textOf(onPhone).toJSON()}”, the till “${textOf(onTill).toJSON()}”`,
    )

    const meeting = await stage.time(async () => {
      await Promise.all([phone.sync.resume(), till.sync.resume()])
      return Promise.all([
        phone.views.menus.text('today', { atLeast: receipts[1] }),
        till.views.menus.text('today', { atLeast: receipts[0] }),
      ])
    })
    const [one = '', other = ''] = meeting.value
    stage.tell(`Together again after ${formatMs(meeting.ms)}: “${one}” and “${other}”`)
    const kept = Object.values(TYPED).filter((words) => one.includes(words))
    const letters = COMMON.length + TYPED.phone.length + TYPED.till.length

    return {
      answer: kept.length === 2 && one === other ? 'both' : one.length === letters ? 'mixed' : 'later',
      summary: `“${one}” ${one === other ? 'on both devices' : `on the phone, “${other}” on the till`}, with ${one.length} of ${letters} letters, and ${kept.length} of 2 pieces of typing whole.`,
      figures: [
        { name: 'On the phone', value: one },
        { name: 'On the till', value: other },
        { name: 'Letters kept', value: `${one.length} of ${letters}` },
        { name: 'From meeting to agreeing', value: formatMs(meeting.ms) },
      ],
    }
  },
})

const textOf = ({ doc }: OpenDocument): ReturnType<OpenDocument['doc']['getText']> => doc.getText('body')

function type(document: OpenDocument, words: string): void {
  for (const [at, letter] of words.split('').entries()) textOf(document).insert(PLACE + at, letter)
}

async function mustFlush(document: OpenDocument): Promise<Receipt> {
  const receipt = await document.flush()
  if (receipt === undefined) throw new Error('There was nothing to store in the document.')
  return receipt
}
