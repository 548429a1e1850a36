/** Experiment 8: two devices change the same order while they are offline, and agree as soon as they meet. */
import { type HistoryEntry, nearby } from 'headwater'
import { defineExperiment } from '../experiment.ts'
import { cafe, OrderChanged } from '../models/cafe.ts'
import { orderOf, placeOrders } from '../models/order-book.ts'
import { formatMs } from '../wording.ts'

const DISPUTED = orderOf(0).id

export const twoDevices = defineExperiment({
  slug: 'two-devices',
  title: 'Two devices offline, one answer',
  idea: 'Agreement without coordination',
  story:
    'A waiter’s phone and the till in the bar are two databases that sync. Both go offline. The phone changes an order to cocoa; a moment later the till changes the same order to tea. Each takes ten more orders of its own. Then both come back.',
  question: 'What does the order say, when both have heard of each other?',
  choices: {
    own: 'On each device what was entered there.',
    first: 'Cocoa on both: the first change holds.',
    last: 'Tea on both: the later change holds, and the other one stays in the order’s history.',
    ask: 'Nothing yet: a conflict is reported, and somebody has to decide.',
  },
  act: 'Go offline and disagree',
  lesson:
    'The devices exchange events, not rows. Each folds the events of an order in the order of their timestamps, whatever order they arrived in; a device that hears of an event late folds that one order again. The same events give the same rows, and nobody had to ask a server first. What the app makes of two edits is for its fold to say: here the later one wins.',
  chapter: 'Chapter 5, “Handling Write Conflicts”; chapter 12, “Coordination-avoiding data systems”',

  run: async (stage) => {
    const sync = nearby({ channel: stage.channel })
    const phone = await stage.open(cafe, 'phone', sync)
    const till = await stage.open(cafe, 'till', sync)
    const common = await phone.append(placeOrders(20))
    await till.settled({ atLeast: common })
    stage.tell(`Phone and till are live, and both hold ${await till.views.orders.count()} orders.`)

    await Promise.all([phone.sync.pause('offline'), till.sync.pause('offline')])
    const cocoa = await phone.append([
      OrderChanged({ id: DISPUTED, drink: 'cocoa', cents: 420 }),
      ...placeOrders(10, 100),
    ])
    await stage.wait(5)
    const tea = await till.append([
      OrderChanged({ id: DISPUTED, drink: 'tea', cents: 290 }),
      ...placeOrders(10, 200),
    ])
    const apart = await Promise.all([
      phone.views.orders.get(DISPUTED, { atLeast: cocoa }),
      till.views.orders.get(DISPUTED, { atLeast: tea }),
    ])
    stage.tell(`Offline, the phone says ${apart[0]?.drink}, the till says ${apart[1]?.drink}.`)

    const meeting = await stage.time(async () => {
      await Promise.all([phone.sync.resume(), till.sync.resume()])
      await Promise.all([phone.settled({ atLeast: tea }), till.settled({ atLeast: cocoa })])
    })
    stage.tell(`Both came back, and had each other’s events after ${formatMs(meeting.ms)}.`)
    const [onPhone, onTill] = await Promise.all([
      phone.views.orders.range('key'),
      till.views.orders.range('key'),
    ])
    const drinks = [onPhone, onTill].map((rows) => rows.find(({ id }) => id === DISPUTED)?.drink)
    const areEqual = JSON.stringify(onPhone) === JSON.stringify(onTill)
    const history = await phone.views.orders.history(DISPUTED)
    stage.tell(
      `The phone says ${drinks[0]}, the till says ${drinks[1]}; all ${onTill.length} rows are compared.`,
    )

    const isOne = drinks[0] === drinks[1]
    return {
      answer: !isOne ? 'own' : drinks[0] === 'tea' ? 'last' : drinks[0] === 'cocoa' ? 'first' : undefined,
      summary: `Both say ${drinks[0]}. All ${onTill.length} rows are ${areEqual ? 'equal' : 'not equal'}, and the order’s history keeps ${history.length} events${history.some(isCocoa) ? ', the overruled one among them' : ''}.`,
      figures: [
        { name: 'Rows on the phone', value: String(onPhone.length) },
        { name: 'Rows on the till', value: String(onTill.length) },
        { name: 'All rows equal', value: areEqual ? 'yes' : 'no' },
        { name: 'Events in the order’s history', value: String(history.length) },
        { name: 'From meeting to agreeing', value: formatMs(meeting.ms) },
      ],
      table: {
        caption: 'The order that both changed',
        columns: ['When', 'Phone', 'Till'],
        rows: [
          ['offline', String(apart[0]?.drink), String(apart[1]?.drink)],
          ['afterwards', String(drinks[0]), String(drinks[1])],
        ],
      },
    }
  },
})

const isCocoa = ({ data }: HistoryEntry): boolean => JSON.stringify(data).includes('cocoa')
