/**
 * The words that generated issues are made of. A title is a part of the product with what is wrong with it; a text is a
 * few sentences with a part, a place and a number filled in. `{part}`, `{place}`, `{person}` and `{n}` are the gaps.
 */
export const PARTS = [
  'sync indicator',
  'export dialog',
  'invoice table',
  'search field',
  'image uploader',
  'onboarding tour',
  'calendar view',
  'billing page',
  'notification badge',
  'audit trail',
  'keyboard shortcuts',
  'team switcher',
  'report builder',
  'login form',
  'dark theme',
  'comment box',
  'offline banner',
  'date picker',
  'drag handle',
  'webhook settings',
] as const

export const PLACES = [
  'on slow networks',
  'in Safari',
  'after a reload',
  'with 10,000 rows',
  'on the second visit',
  'when the tab wakes up',
  'in a private window',
  'at 200 % zoom',
  'for invited guests',
  'after midnight UTC',
  'with a screen reader',
  'on Android tablets',
] as const

export const SYMPTOMS = [
  'The {part} flickers {place}',
  'The {part} loses its state {place}',
  'The {part} shows the wrong total {place}',
  'Let people undo a change in the {part}',
  'Remember the last choice in the {part}',
  'The {part} cannot be reached by keyboard {place}',
  'Explain the empty state of the {part}',
  'The {part} is {n} ms late {place}',
  'Make the {part} usable {place}',
  'Two tabs disagree about the {part} {place}',
  'Wrong time zone in the {part} {place}',
  'Crash in the {part} {place}',
  'Add a filter by person to the {part}',
  'The {part} swallows an error {place}',
] as const

export const SENTENCES = [
  'Open the {part}, change anything and go back: what was typed is gone.',
  'It happens about once in {n} tries {place}, and more often when several people work at the same time.',
  'Expected: the {part} keeps what it had. Seen: it starts over, without a word about why.',
  '{person} has seen it too, and says that it began with the release of last week.',
  'The log shows {n} requests within one second, all for the same record.',
  'A customer with {n} seats asked for this twice; support answers it by hand at the moment.',
  'Steps: sign in, open the {part}, wait until the spinner is gone, then resize the window.',
  'The profile points at layout: the {part} measures every row, {n} times over.',
  'It is not urgent, but it is the first thing that new people stumble over in the {part}.',
  'With the cache turned off it is correct, so the stale copy {place} is the likely cause.',
  'There is a screenshot in the thread of {person}; the numbers in the corner do not add up.',
  'Please keep the old behaviour behind the setting until the people who rely on it have moved.',
] as const

export const REPLIES = [
  'I can reproduce this {place}, after {n} tries.',
  'The cause is in the {part}: it reads before the write has come back. A fix is on its way.',
  'Could {person} have a look? The same thing was repaired in the {part} a month ago, and this smells alike.',
  'Measured it: {n} ms before, and a tenth of that with the index in place.',
  'Let us cut this in two. The visible half can go out this week; the {part} needs a design first.',
  'Confirmed as fixed {place}. I leave it open until {person} has checked the upgrade path.',
  'This is by design, but the words in the {part} do not say so. Changing the words is the better fix.',
  'Not before the next release, please: support would have to explain it {n} times.',
] as const

export const LABELS = [
  'bug',
  'feature',
  'design',
  'performance',
  'accessibility',
  'docs',
  'regression',
  'customer',
  'mobile',
] as const
