// The planted mutants: each breaks one promise in one place, and has to be seen. Recorded is what sees it: `seed`, the first
// that does, or `killedBy`, the contract test that names the promise.

const log = 'packages/log/src/'
const views = 'packages/views/src/'
const replication = 'packages/replication/src/'
const hub = 'packages/hub/src/'

/** @type {readonly import('./plant.mjs').Mutant[]} */
export const mutants = [
  {
    name: 'acknowledge-before-the-write',
    what: 'a receipt is given before the transaction has committed (L5)',
    file: `${log}indexeddb/transaction.ts`,
    find: '  await begun.end\n  return written',
    put: '  return written',
    seed: 1,
  },
  {
    name: 'belief-unchecked',
    what: 'a writer does not ask whether another tab wrote (L6)',
    file: `${log}indexeddb/transaction.ts`,
    find: 'const isFresh = (await question) === undefined',
    put: 'const isFresh = [await question].length > 0',
    seed: 1,
  },
  {
    name: 'ground-unchecked',
    what: 'a transaction stands on one that may have failed (L2)',
    file: `${log}indexeddb/store-group.ts`,
    find: 'isGrounded: () => ahead?.isStored ?? true',
    put: 'isGrounded: () => true',
    killedBy: {
      file: 'test/log/faults.test.ts',
      title: 'appends behind one that meets abort keep their order (L2, L5), at 0',
    },
  },
  {
    name: 'lost-append-forgotten',
    what: 'after a lost completion an append is stored again without looking (L5, R2)',
    file: `${log}indexeddb/store-group.ts`,
    find: 'if (tried > 0) left =',
    put: 'if (tried > 9) left =',
    killedBy: {
      file: 'test/log/faults.test.ts',
      title: 'after lost-completion an append is stored exactly once (L5)',
    },
  },
  {
    name: 'packing-takes-too-much',
    what: 'packing deletes the record behind what it packed (L7)',
    file: `${log}indexeddb/packer.ts`,
    find: 'records.delete(keyRange.bound(firstOffset, lastOffset, true))',
    put: 'records.delete(keyRange.bound(firstOffset, lastOffset + 1, true))',
    seed: 5,
  },
  {
    name: 'clock-not-merged',
    what: 'a stamp that was merged does not move the clock on (L4)',
    file: `${log}grouping.ts`,
    find: 'clock = laterTimestamp(clock, commit.timestamp)',
    put: 'if (commit.replica === head.replica) clock = commit.timestamp',
    killedBy: {
      file: 'test/log/memory-log.test.ts',
      title: 'what is written behind what was merged is stamped behind it, in every tab (L4)',
    },
  },
  {
    name: 'clock-goes-back',
    what: 'stamps follow the wall clock when it goes back (L4)',
    file: `${log}clock.ts`,
    find: 'const next = Math.max(wall, previous + 1)',
    put: 'const next = Math.max(wall, 1)',
    seed: 1,
  },
  {
    name: 'gap-guessed',
    what: 'a gap in a replica’s sequences is taken (L3)',
    file: `${log}foreign.ts`,
    find: 'if (head.firstSequence > expected) return gap(head, expected)',
    put: '',
    killedBy: {
      file: 'test/log/memory-log.test.ts',
      title: 'a gap is refused, and nothing of that merge is stored (L3)',
    },
  },
  {
    name: 'fork-unseen',
    what: 'a commit that continues another branch is taken (L3)',
    file: `${log}foreign.ts`,
    find: 'if (previous && link && !sameBytes(previous, link)) return fork(head)',
    put: '',
    killedBy: {
      file: 'test/log/memory-log.test.ts',
      title: 'a commit that does not continue the chain is a fork, also when the peer is ahead (L3)',
    },
  },
  {
    name: 'epoch-unchecked',
    what: 'a leader that was superseded goes on writing',
    file: `${log}lease.ts`,
    find: 'if (epoch === undefined || stored.epoch === epoch) return undefined',
    put: 'if (epoch !== -1) return undefined',
    killedBy: {
      file: 'test/log/memory-log.test.ts',
      title: 'the lease is taken by one, and who lost it is refused by name',
    },
  },
  {
    name: 'reissue-forgets-to-void',
    what: 'what is reissued stands twice (R2)',
    file: `${log}voiding.ts`,
    find: 'if (fallen.size + reissues.length === 0) return undefined',
    put: 'return undefined',
    seed: 3,
  },
  {
    name: 'refold-skipped',
    what: 'a late event is folded onto the row instead of in its place (V3)',
    file: `${views}group/fold-run.ts`,
    find: 'const late = run.failure || !core.whole ? NOTHING_LATE',
    put: 'const late = run.failure || !core.whole || run.events.length > 0 ? NOTHING_LATE',
    seed: 1,
  },
  {
    name: 'order-by-arrival',
    what: 'concurrent events of two replicas are ordered by who asks (V3)',
    file: `${views}table/stamp.ts`,
    find: 'if (event.timestamp < stamp.timestamp) return false',
    put: 'if (event.timestamp < stamp.timestamp) return true',
    seed: 1,
  },
  {
    name: 'index-keeps-what-left',
    what: 'an index keeps the entries of rows that moved (V7)',
    file: `${views}table/index-part.ts`,
    find: 'for (const entry of removed) write(map, entry, undefined, ENTRY_BYTES + entry.length)',
    put: '',
    seed: 1,
  },
  {
    name: 'sum-not-retracted',
    what: 'an aggregate counts in what it has to count out (V7)',
    file: `${views}aggregate/delta.ts`,
    find: 'delta.sum = addExact(delta.sum, times * mustBeNumber(value))',
    put: 'delta.sum = addExact(delta.sum, mustBeNumber(value))',
    seed: 1,
  },
  {
    name: 'checkpoint-ahead',
    what: 'a base says that it holds one event more than it does (V4)',
    file: `${views}group/store.ts`,
    find: 'const outcome = core.state.checkpointAt(core.position, metaOf(core))',
    put: 'const outcome = core.state.checkpointAt((core.position + 1) as typeof core.position, metaOf(core))',
    seed: 1,
  },
  {
    name: 'adopt-anywhere',
    what: 'a base is slid under an overlay that never stood at its checkpoint (V2)',
    file: `${views}state/adopt.ts`,
    find: 'return checkpoint <= position && (hasStoodAt?.(checkpoint) ?? true)',
    put: 'return checkpoint <= position',
    killedBy: {
      file: 'test/views/tabs.test.ts',
      title:
        'a base made between two commits that were folded in one step leaves nothing of before behind (V2, V7)',
    },
  },
  {
    name: 'bases-wait-for-ever',
    what: 'a silent handle on the bases is never given up (D4)',
    file: `${views}indexeddb/connection.ts`,
    find: 'const answer = await answered(options, act(await opening))',
    put: 'const answer = await act(await opening)',
    seed: 11,
  },
  {
    name: 'receipt-ignored',
    what: 'a query does not wait for the receipt that it was given (D1)',
    file: 'packages/headwater/src/engine/methods.ts',
    find: ': askFrom(atLeast, deadlineMs, { log, scheduler, signal }, ask)',
    put: ': ask({ deadlineMs })',
    seed: 1,
  },
  {
    name: 'sent-before-strict',
    what: 'own commits are sent before a strict write covers them',
    file: `${replication}replicator/log-source.ts`,
    find: 'if (wanted.some((commit) => commit.isOwn && endOf(commit) > hardenedTo)) hardenedTo = await log.harden()',
    put: '',
    killedBy: {
      file: 'test/replication/log-source.test.ts',
      title: 'own commits are given only behind a strict write, one for a batch; those of others need none',
    },
  },
  {
    name: 'vector-without-hash',
    what: 'two vectors are compared by sequence alone (L3)',
    file: `${replication}session/differences.ts`,
    find: 'return ours?.sequence === theirs.sequence && compareHashes(ours.hash, theirs.hash) !== 0',
    put: 'return ours === undefined && theirs === undefined',
    killedBy: {
      file: 'test/replication/replicator.test.ts',
      title: 'of two branches the one with the lower hash stands, whoever meets whom first (R1, R2)',
    },
  },
  {
    name: 'dedupe-without-hash',
    what: 'the hub takes the same sequence for the same commit (R1)',
    file: `${hub}store/judge.ts`,
    find: 'const held = facts.hashAt(replica, lastSequence)\n  return held !== undefined && same(held, hash)',
    put: 'return facts.hashAt(replica, lastSequence) !== undefined',
    killedBy: {
      file: 'test/hub/store.test.ts',
      title:
        'the same sequence with another hash is a fork, behind the end of the chain and just behind it (L3)',
    },
  },
  {
    name: 'hub-forgets-the-chain',
    what: 'the hub takes a commit that continues another branch (L3)',
    file: `${hub}store/judge.ts`,
    find: 'const continues = head.firstSequence === expected && same(offer.previous, state?.hash ?? NO_HASH)',
    put: 'const continues = head.firstSequence === expected',
    killedBy: {
      file: 'test/hub/store.test.ts',
      title:
        'the same sequence with another hash is a fork, behind the end of the chain and just behind it (L3)',
    },
  },
  {
    name: 'nobody-hears-of-commits',
    what: 'the hub tells nobody of what it stored (R7)',
    file: `${hub}workspaces.ts`,
    find: 'if (head > before) for (const listener of listeners) listener()',
    put: '',
    seed: 2,
  },
  {
    name: 'position-read-outside',
    what: 'the hub reads a workspace’s position outside the transaction that gives the next one (R1)',
    file: `${hub}store/sqlite/appends.ts`,
    find: '  return (appends) => {\n    const moving = new Map<string, MovingWorkspace>()',
    put: '  const moving = new Map<string, MovingWorkspace>()\n  return (appends) => {',
    killedBy: {
      file: 'test/hub/store.test.ts',
      title: 'a position is read in the transaction that gives the next one',
    },
  },
  {
    name: 'positions-with-gaps',
    what: 'the hub leaves a position out where a commit voids others (R1)',
    file: `${hub}store/place.ts`,
    find: '  return {\n    position,',
    put: '  return {\n    position: isVoiding ? ((position + 1) as typeof position) : position,',
    killedBy: {
      file: 'test/hub/store.test.ts',
      title: 'a reissue voids its originals and what builds on them',
    },
  },
  {
    name: 'manifest-before-its-pages',
    what: 'pages count as stored before their transaction has committed (V4)',
    file: `${views}indexeddb/connection.ts`,
    find: 'const [value] = await Promise.all([body(transaction), completion])',
    put: 'completion.catch(() => undefined)\n  const value = await body(transaction)',
    seed: 11,
  },
  {
    name: 'checkpoint-in-a-second-transaction',
    what: 'what a base replaces is looked up in one transaction, and the base stored in a second (V4)',
    file: `${views}indexeddb/base-store.ts`,
    find: "run([MANIFESTS, TEXTS, META], 'readwrite', (tx) => putManifest(tx, draft, keyRange)),",
    put: `run([MANIFESTS, TEXTS], 'readonly', (tx) => readCurrent(tx, draft.lineage, keyRange)).then((current) =>
        current?.id !== draft.replaces
          ? 'superseded'
          : run([MANIFESTS, TEXTS, META], 'readwrite', async (tx) => {
              const replaces = (await readCurrent(tx, draft.lineage, keyRange))?.id
              return putManifest(tx, { ...draft, replaces }, keyRange)
            }),
      ),`,
    killedBy: {
      file: 'test/state/base-store.test.ts',
      title: 'of two tabs that put at once, one is stored (V4)',
    },
  },
  {
    name: 'stamped-ahead-again',
    what: 'what is reissued by the hub’s time is stamped behind what is ahead of it (R7)',
    file: `${log}indexeddb/exchange.ts`,
    find: 'clock: restartedClock(clock, nowMs + clockOffsetMs)',
    put: 'clock',
    killedBy: {
      file: 'test/log/indexeddb-log.test.ts',
      title: 'what came in a file is no reason to stamp ahead of the hub’s time again (R7)',
    },
  },
  {
    name: 'what-waits-is-forgotten',
    what: 'an update of a document that waited for another is not merged when that has come (V3)',
    file: `${views}documents/merge-event.ts`,
    find: 'const next = document.waiting.find(({ missing }) => hasArrived(document.doc, missing))',
    put: 'const next = document.waiting.find(({ missing }) => missing.size === -1)',
    killedBy: {
      file: 'test/documents/storing.test.ts',
      title: 'are stored and counted, also over a restart, and merged when those come (V2)',
    },
  },
  {
    name: 'base-ahead-of-its-log',
    what: 'a manifest is stored before the log that it was folded from is durable (V2)',
    file: `${views}state/behind-log.ts`,
    find: '      await log.harden()\n',
    put: '',
    killedBy: {
      file: 'test/state/behind-log.test.ts',
      title: 'the log is durable before a manifest is stored',
    },
  },
  {
    name: 'what-came-last-counts',
    what: 'of two reissues the one that came last counts, not the one that the commits say (R2, V3)',
    file: `${log}reissues.ts`,
    find: 'return compareSteps(ours, theirs) < 0',
    put: 'return ours !== theirs && one.by.offset > other.by.offset',
    killedBy: { file: 'test/log/memory-log.test.ts', title: 'of two reissues of one commit one counts' },
  },
  {
    name: 'own-set-aside',
    what: 'what an author loses at a merge waits for a reissue that nobody makes (R1)',
    file: `${log}foreign.ts`,
    find: 'voiding.aside().filter(({ replica }) => author.own.has(replica))',
    put: 'voiding.aside().filter(({ replica }) => author.own.has(replica) && replica === author.fresh)',
    killedBy: {
      file: 'test/log/memory-log.test.ts',
      title: 'what was written here behind a commit that a copy reissued',
    },
  },
  {
    name: 'position-kept-at-a-gap',
    what: 'who began too far behind begins there again (R7)',
    file: `${replication}session/receiving.ts`,
    find: "return [ended, [{ type: 'remember', token: undefined }, ...outputs]]",
    put: 'return [ended, outputs]',
    killedBy: { file: 'test/replication/session.test.ts', title: 'a gap that no refusal explains' },
  },
]
