/** After a scenario: checks the stored data, who can read it, and the secrets that are still valid. */
import type { ConversationId, Message } from '@chat-widget/protocol'
import type { Principal } from './model.ts'
import type { Scenario } from './scenario.ts'
import type { Tab } from './tab.ts'

interface Stored {
  readonly conversationId: string
  readonly owner: Principal
  readonly messages: readonly Message[]
}

const CUT_MS = 5_000

export async function inspect(scenario: Scenario): Promise<void> {
  const { model, tabs, users } = scenario
  // New devices first: once they are connected, requests of dropped tabs are done or never will be.
  const signedIn = await Promise.all(
    users.map(async (user) => {
      const tab = await scenario.open('identify')
      if (tab !== null) await scenario.signIn(tab, user, true)
      return tab
    }),
  )
  const issued = model.secrets.filter(({ token }) => !signedIn.some((tab) => tab?.secret?.token === token))
  const resumed = await Promise.all(
    issued.map(async (secret) => {
      const wasLive = secret.state === 'live'
      const tab = await scenario.reopen(secret)
      if (tab === null && wasLive)
        model.broken(`a secret of ${secret.principal} was refused though nobody ended it`)
      return tab
    }),
  )
  await Promise.all(tabs.filter(({ secret }) => secret?.state === 'ended').map((tab) => cut(scenario, tab)))
  const stored = await readStored(scenario)
  const readers = [...signedIn, ...resumed].filter((tab) => tab !== null)
  await Promise.all(readers.flatMap((tab) => stored.map((one) => compare(scenario, tab, one))))
}

/** [ID13] Devices with an ended secret are disconnected. */
async function cut({ model }: Scenario, tab: Tab): Promise<void> {
  if (tab.isGone) return
  let late: NodeJS.Timeout | undefined
  const waited = new Promise<'late'>((resolve) => {
    late = setTimeout(() => resolve('late'), CUT_MS)
  })
  if ((await Promise.race([tab.gone, waited])) === 'late') {
    model.broken(`${tab.name} is still connected though its session ended`)
  }
  clearTimeout(late)
}

async function readStored({ model, server }: Scenario): Promise<readonly Stored[]> {
  const stored: Stored[] = []
  for (const conversationId of model.conversations as Set<ConversationId>) {
    const record = await server.conversations.find(conversationId).catch(() => null)
    if (record === null) continue
    const owner: Principal =
      record.owner.kind === 'visitor' ? `visitor:${record.owner.id}` : `user:${record.userIdentifier}`
    const { messages } = await server.conversations.messages({ conversationId, limit: 200 })
    stored.push({ conversationId, owner, messages })
    const seqs = messages.map(({ seq }) => seq)
    if (seqs.some((seq, index) => seq !== index + 1) || record.headSeq !== seqs.length)
      model.broken(`${conversationId} has seqs ${seqs.join(' ')}, its head is ${record.headSeq}`)
    if (new Set(messages.map(({ clientId }) => clientId)).size !== messages.length)
      model.broken(`${conversationId} has a client id twice`)
  }
  for (const written of model.written) {
    const place = stored.find(({ conversationId }) => conversationId === written.conversationId)
    const message = place?.messages.find(({ clientId }) => clientId === written.clientId)
    const { acknowledged } = written
    const isStored =
      message?.id === acknowledged?.id &&
      message?.seq === acknowledged?.seq &&
      message?.text === acknowledged?.text
    if (acknowledged !== null && !isStored)
      model.broken(`client id ${written.clientId} was acknowledged and is not stored so`)
    if (place !== undefined && message !== undefined && !model.isPlausibleOwner(place.owner, written))
      model.broken(`${[...written.authors].join(' or ')} wrote into a conversation of ${place.owner}`)
  }
  return stored
}

/** The owner can read all of it, everybody else nothing. */
async function compare(
  scenario: Scenario,
  tab: Tab,
  { conversationId, owner, messages }: Stored,
): Promise<void> {
  const reader = tab.principal
  const fetched = await scenario.fetch(tab, conversationId)
  const ids = fetched?.messages.map(({ id }) => id).join()
  if (reader === owner && ids !== messages.map(({ id }) => id).join() && !tab.isGone)
    scenario.model.broken(`${owner} cannot read their ${conversationId}`)
  if (reader !== owner && fetched !== null)
    scenario.model.broken(`${reader} reads ${conversationId} of ${owner}`)
}
