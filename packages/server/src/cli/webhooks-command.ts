/** `chat-widget-server webhooks …`: deliveries that wait or were given up, also beside a running server. */
import { ConfigurationError } from '../config/configuration-error.ts'
import { parseFlags } from '../config/flags.ts'
import type { ListedJob } from '../storage/job-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { prefixOf } from '../storage/webhook-target.ts'
import { PLACE_FLAGS, withStorage } from './place.ts'
import { printLine, type Terminal } from './terminal.ts'

const FAILED_FLAG = { name: 'failed', value: undefined }
const PAGE = 500
const ALL = 'all'

export async function webhooksCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name = '', ...rest] = argv
  switch (name) {
    case 'list':
      return list(rest, terminal)
    case 'replay':
      return replay(rest, terminal)
    default:
      throw new ConfigurationError('webhooks', 'write webhooks and one of: list, replay')
  }
}

async function list(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { flags, positionals } = parseFlags(argv, [FAILED_FLAG, ...PLACE_FLAGS])
  if (positionals[0] !== undefined) throw new ConfigurationError(positionals[0], 'unknown argument')
  await withStorage(flags, terminal, async (storage) => {
    for await (const job of deliveries(storage, flags.has('failed'))) printLine(terminal.stdout, lineOf(job))
  })
  return 0
}

async function replay(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { flags, positionals } = parseFlags(argv, PLACE_FLAGS)
  const [id, surplus] = positionals
  if (id === undefined || id === '')
    throw new ConfigurationError('ID', `missing; an id of the list, or ${ALL}`)
  if (surplus !== undefined) throw new ConfigurationError(surplus, 'unknown argument')
  await withStorage(flags, terminal, async (storage) => {
    const at = Date.now()
    const replay = (which: string | null) =>
      storage.webhookDeliveries.replay({ id: which, limit: PAGE, by: { kind: 'command' }, at })
    let count = 0
    if (id === ALL) {
      for (let last = PAGE; last === PAGE; count += last) last = await replay(null)
    } else {
      count = await replay(id)
      if (count === 0) throw new Error(`there is no delivery ${id} that waits or was given up`)
    }
    printLine(terminal.stdout, `replayed: ${count}`)
  })
  return 0
}

async function* deliveries(storage: Storage, onlyFailed: boolean): AsyncGenerator<ListedJob<'webhook'>> {
  let after: ListedJob | undefined
  for (;;) {
    const page = await storage.jobs.list({
      ...{ kind: 'webhook', onlyFailed, limit: PAGE },
      ...(after !== undefined && { after }),
    })
    yield* page
    after = page.at(-1)
    if (page.length < PAGE) return
  }
}

/** Columns with tabs between: id, state, event, app, receiver, time of the event, tries, why the last one failed. */
function lineOf({
  key,
  payload,
  receiver = '',
  attempts,
  problem,
  failedAt,
  isLeased,
}: ListedJob<'webhook'>): string {
  const state =
    failedAt !== null ? 'given up' : isLeased ? 'under way' : attempts === 0 ? 'waits' : 'tried again'
  const { app, event, at } = payload
  const url = receiver.slice(prefixOf(app).length)
  return [key, state, event.type, app, url, new Date(at).toISOString(), attempts, problem ?? ''].join('\t')
}
