/** `chat-widget-server export|erase USER`: all that is kept of a customer, also beside a running server. */
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { AppId, LoginMethod } from '@chat-widget/protocol'
import { ConfigurationError } from '../config/configuration-error.ts'
import { FLAGS, type ParsedFlags, parseFlags, settingsOf } from '../config/flags.ts'
import { readConfig, storagePlace } from '../config/load-config.ts'
import { openFileStore } from '../files/create-files.ts'
import { writePersonExport } from '../persons/person-export.ts'
import type { PersonName, PersonRows } from '../storage/person-storage.ts'
import { cannotWrite } from './cannot-write.ts'
import { PLACE_FLAGS, withStorage } from './place.ts'
import { printLine, type Terminal } from './terminal.ts'

const APP_FLAG = { name: 'app', value: 'ID' }
const METHOD_FLAG = { name: 'method', value: 'M' }
const WHOLE_FLAG = { name: 'whole', value: undefined }
const OUT_FLAG = { name: 'out', value: 'FOLDER' }
const CONFIG_FLAG = FLAGS.filter(({ name }) => name === 'config')

const METHODS: readonly LoginMethod[] = ['host', 'email', 'identifier']
const BY_COMMAND = { kind: 'command' } as const
/** Only the owner may read what is kept of somebody. */
const OWNER_ONLY = { mode: 0o700 } as const

export async function eraseCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { flags, positionals } = parseFlags(argv, [APP_FLAG, METHOD_FLAG, WHOLE_FLAG, ...PLACE_FLAGS])
  const person = personOf(flags, positionals)
  await withStorage(flags, terminal, async (storage) => {
    const isWhole = flags.get('whole') === true
    const { counts } = await storage.persons.erase(person, { isWhole, by: BY_COMMAND, at: Date.now() })
    const deleted = Object.entries(counts)
    if (deleted.length === 0) throw nothingKept(person)
    for (const [table, count] of deleted) printLine(terminal.stdout, `${table}: ${count}`)
    printLine(
      terminal.stdout,
      'erased; devices are told and files removed by the running server, or by the next one that starts',
    )
  })
  return 0
}

export async function exportCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  const own = [APP_FLAG, METHOD_FLAG, OUT_FLAG, ...CONFIG_FLAG, ...PLACE_FLAGS]
  const { flags, positionals } = parseFlags(argv, own)
  const person = personOf(flags, positionals)
  const out = flags.get('out')
  if (typeof out !== 'string') throw new ConfigurationError('--out', 'missing; a folder that is made')
  const count = await withStorage(flags, terminal, async (storage) => {
    const at = Date.now()
    const rows = await storage.persons.read(person, BY_COMMAND, at)
    if (rows === null) throw nothingKept(person)
    await mkdir(out, OWNER_ONLY).catch((cause) => {
      throw cannotWrite(cause, out, '; choose another --out')
    })
    const document = writePersonExport({ storage, person, rows, at, pathOf: fileName })
    await pipeline(document, createWriteStream(join(out, 'person.json'), { flags: 'wx', mode: 0o600 }))
    await copyFiles(rows, out, flags, terminal)
    return rows.conversations.length
  })
  printLine(terminal.stdout, `exported: ${out} (${count} conversations)`)
  return 0
}

/** By id: names were chosen by people, and two may be the same. */
const fileName = ({ id }: PersonRows['files'][number]) => `files/${id}`

async function copyFiles(
  rows: PersonRows,
  out: string,
  flags: ParsedFlags,
  { env }: Terminal,
): Promise<void> {
  const files = rows.files.filter(({ state }) => state === 'stored')
  if (files.length === 0) return
  const settings = settingsOf(flags, env)
  const config = settings.config === undefined ? {} : readConfig(settings.config, { env, dev: settings.dev })
  const store = await openFileStore({ ...config, ...storagePlace(settings) })
  try {
    await mkdir(join(out, 'files'), OWNER_ONLY)
    for (const file of files)
      await pipeline(
        await store.read(file.id),
        createWriteStream(join(out, fileName(file)), { flags: 'wx', mode: 0o600 }),
      )
  } finally {
    store.close()
  }
}

function personOf(flags: ParsedFlags, positionals: readonly string[]): PersonName {
  const [userIdentifier, surplus] = positionals
  if (userIdentifier === undefined || userIdentifier === '')
    throw new ConfigurationError('USER', 'missing; the userIdentifier of a customer')
  if (surplus !== undefined) throw new ConfigurationError(surplus, 'unknown argument')
  const app = flags.get('app')
  if (typeof app !== 'string') throw new ConfigurationError('--app', 'missing; the id of the app')
  const given = flags.get('method') ?? 'host'
  const method = METHODS.find((one) => one === given)
  if (method === undefined) throw new ConfigurationError('--method', `must be one of ${METHODS.join(', ')}`)
  return { app: app as AppId, userIdentifier, method }
}

/** Does not repeat the name, which may stand in a log of the terminal. */
const nothingKept = ({ app }: PersonName) => new Error(`nothing is kept of this user in the app ${app}`)
