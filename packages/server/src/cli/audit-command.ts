/** `chat-widget-server audit`: who changed what, also beside a running server. */
import { LIMITS } from '@chat-widget/protocol'
import { ConfigurationError } from '../config/configuration-error.ts'
import { parseFlags } from '../config/flags.ts'
import type { AuditedAgent, AuditRecord } from '../storage/audit-storage.ts'
import { oneLine } from '../text/one-line.ts'
import { PLACE_FLAGS, withStorage } from './place.ts'
import { printLine, type Terminal } from './terminal.ts'

const SINCE_FLAG = { name: 'since', value: 'DATE' }
const PAGE = 100

/** A line for each entry, the newest first: time, kind, who, whom, app, details as JSON; with tabs between. */
export async function auditCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { flags, positionals } = parseFlags(argv, [SINCE_FLAG, ...PLACE_FLAGS])
  const [surplus] = positionals
  if (surplus !== undefined) throw new ConfigurationError(surplus, 'unknown argument')
  const since = flags.has('since') ? readDate(String(flags.get('since'))) : null
  await withStorage(flags, terminal, async (storage) => {
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<typeof storage.audit.list>> = await storage.audit.list({
        limit: PAGE,
        ...(since !== null && { since }),
        ...(cursor !== null && { cursor }),
      })
      for (const entry of page.entries) printLine(terminal.stdout, lineOf(entry))
      cursor = since === null ? null : page.cursor
    } while (cursor !== null)
  })
  return 0
}

function readDate(text: string): number {
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw new ConfigurationError('--since', 'must be a date, e.g. 2026-01-31')
  return at
}

function lineOf({ at, kind, by, byAgent, about, aboutAgent, app, details }: AuditRecord): string {
  const who = by.kind === 'agent' ? nameOf(byAgent, by.id) : by.kind
  const whom = about === null ? '-' : nameOf(aboutAgent, about)
  return [new Date(at).toISOString(), kind, who, whom, app ?? '-', JSON.stringify(details)].join('\t')
}

/** An agent with the email, which tells namesakes apart, or the id of one who was removed. */
const nameOf = (agent: AuditedAgent | null, id: string): string =>
  agent === null ? id : `${oneLine(agent.name, LIMITS.nameLength)} <${agent.email ?? id}>`
