#!/usr/bin/env node
/** The command `headwater-hub`: reads its arguments, does one thing, and says in a sentence what went wrong if it did. */
import { HeadwaterError } from '@headwater/log'
import { backUp, restore } from '../data/backup.ts'
import { databaseFile, takeDataDirectory } from '../data/data-directory.ts'
import { nodePlatform } from '../platform.ts'
import { listWorkspaces, revokeSubject } from '../store/sqlite/offline.ts'
import { type Arguments, HELP, readArguments } from './arguments.ts'
import { serve } from './serve.ts'

async function run({ command, operands, flags }: Arguments): Promise<void> {
  const [operand = ''] = operands
  const file = databaseFile(flags.data)
  switch (command) {
    case 'serve':
      return await serve(flags)
    case 'backup':
      await backUp(file, operand)
      return say(`The database was copied to ${operand}.`)
    case 'restore':
      return await restoreFrom(operand, flags)
    case 'revoke':
      revokeSubject(file, { subject: operand, atMs: nodePlatform.clock.now() })
      return say(`The tokens that ${operand} has hold no more; a running hub ends its sessions within 5 s.`)
    case 'workspaces':
      for (const { workspace, head, replicas, bytes } of listWorkspaces(file))
        say(`${workspace}\t${head} commits\t${replicas} replicas\t${bytes} bytes`)
  }
}

async function restoreFrom(backup: string, { data, isForced }: Arguments['flags']): Promise<void> {
  const directory = await takeDataDirectory(data)
  try {
    const { epoch } = await restore(backup, directory.file, { isForced, random: nodePlatform.random })
    say(`The backup was restored; its epoch is ${epoch}. Clients send again what it lacks.`)
  } finally {
    directory.release()
  }
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`)
}

try {
  const read = readArguments(process.argv.slice(2))
  if (read === 'help') say(HELP)
  else await run(read)
} catch (error) {
  const text =
    error instanceof HeadwaterError ? `${error.code}: ${error.message} ${error.hint}` : String(error)
  process.stderr.write(`${text}\n`)
  process.exitCode = 1
}
