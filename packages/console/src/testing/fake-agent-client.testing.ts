/** An `AgentClient` without a server: the test sets the state and reads the calls. */
import type {
  AgentClientApi,
  AgentClientEvents,
  AgentMessageDraft,
  AgentState,
} from '@chat-widget/client/agent'
import type { ChatError, ConversationId, SignInMethods } from '@chat-widget/protocol'
import { agentState, clientId, runId } from './fixtures.testing.ts'

export interface FakeAgentClient extends AgentClientApi {
  /** Method names with their arguments, in order. */
  readonly calls: readonly (readonly unknown[])[]
  set(change: Partial<AgentState>): void
  /** Makes the next call of a method that returns a promise reject. */
  failNext(error: ChatError): void
}

export function createFakeAgentClient(
  options: Partial<AgentState> = {},
  methods: SignInMethods = { passwords: 'all', issuer: null },
): FakeAgentClient {
  const calls: unknown[][] = []
  const drafts = new Map<ConversationId, string>()
  const changeListeners = new Set<(state: AgentState) => void>()
  let state = agentState(options)
  let failure: ChatError | null = null

  const act = async (...call: unknown[]): Promise<void> => {
    calls.push(call)
    const error = failure
    failure = null
    if (error !== null) {
      throw error
    }
  }

  const note =
    (name: string) =>
    (...args: unknown[]): void => {
      calls.push([name, ...args])
    }

  return {
    calls,
    set(change) {
      state = { ...state, ...change }
      for (const listener of changeListeners) {
        listener(state)
      }
    },
    failNext(error) {
      failure = error
    },
    restore: () => act('restore'),
    signIn: (email, password) => act('signIn', email, password),
    signInMethods: async () => methods,
    signOut: () => act('signOut'),
    setFilter: note('setFilter'),
    loadMore: () => act('loadMore'),
    open(id: ConversationId) {
      calls.push(['open', id])
    },
    leave: note('leave'),
    loadOlder: () => act('loadOlder'),
    send(body: AgentMessageDraft) {
      calls.push(['send', body])
      return clientId(900)
    },
    retry: note('retry'),
    discard: note('discard'),
    templates: {
      async list(app) {
        await act('listTemplates', app)
        return []
      },
      save: (app, template) => act('saveTemplate', app, template),
      delete: (app, id) => act('deleteTemplate', app, id),
    },
    team: {
      async list() {
        await act('listAgents')
        return []
      },
      async add(added) {
        await act('addAgent', added)
        return 'temporary-password'
      },
      change: (id, access) => act('changeAgent', id, access),
      async resetPassword(id) {
        await act('resetPassword', id)
        return 'temporary-password'
      },
      remove: (id) => act('removeAgent', id),
      async sessions(id) {
        await act('sessions', id)
        return []
      },
      signOut: (id, session) => act('signOutAgent', id, session),
      changePassword: (present, next) => act('changePassword', present, next),
      async audit(cursor) {
        await act('audit', cursor)
        return { entries: [], cursor: null }
      },
    },
    webhooks: {
      async list() {
        await act('listWebhooks')
        return []
      },
      async deliveries(state, cursor) {
        await act('listDeliveries', state, cursor)
        return { deliveries: [], cursor: null }
      },
      async replay(id) {
        await act('replay', id)
        return 1
      },
    },
    runAction(...args) {
      calls.push(['runAction', ...args])
      return runId(900)
    },
    dismissRun: note('dismissRun'),
    setTyping: note('setTyping'),
    draft: (id) => drafts.get(id) ?? '',
    setDraft: (id, text) => void drafts.set(id, text),
    unsentReplies: async () => 0,
    markRead: note('markRead'),
    edit: (seq, body) => act('edit', seq, body),
    remove: (seq) => act('remove', seq),
    closeConversation: () => act('closeConversation'),
    handConversation: (handler) => act('handConversation', handler),
    showIdentityTrace: note('showIdentityTrace'),
    getState: () => state,
    on<Name extends keyof AgentClientEvents>(
      name: Name,
      listener: (detail: AgentClientEvents[Name]) => void,
    ) {
      if (name !== 'change') {
        return () => {}
      }
      const heard = listener as (state: AgentState) => void
      changeListeners.add(heard)
      return () => void changeListeners.delete(heard)
    },
    close: note('close'),
  }
}
