/** The guarantees of every storage, run against each database. */
import { describe } from 'vitest'
import { aboutContract } from './contract-about.testing.ts'
import { actionRunContract } from './contract-action-runs.testing.ts'
import { agentContract } from './contract-agents.testing.ts'
import { appendContract } from './contract-append.testing.ts'
import { auditContract } from './contract-audit.testing.ts'
import { authenticationCallersContract } from './contract-authentication-callers.testing.ts'
import { authenticationRequestContract } from './contract-authentication-requests.testing.ts'
import { authenticationUpkeepContract } from './contract-authentication-upkeep.testing.ts'
import { authenticatorContract } from './contract-authenticators.testing.ts'
import { conversationContract } from './contract-conversations.testing.ts'
import { fileContract } from './contract-files.testing.ts'
import { type ContractDatabase, createFixture } from './contract-fixture.testing.ts'
import { identityContract } from './contract-identity.testing.ts'
import { jobContract } from './contract-jobs.testing.ts'
import { keepingContract } from './contract-keeping.testing.ts'
import { nodeContract } from './contract-nodes.testing.ts'
import { ownConversationsContract } from './contract-own-conversations.testing.ts'
import { personContract } from './contract-persons.testing.ts'
import { templateContract } from './contract-templates.testing.ts'
import { traceContract } from './contract-trace.testing.ts'
import { unreadMailContract } from './contract-unread-mails.testing.ts'
import { upkeepContract } from './contract-upkeep.testing.ts'
import { webhookDeliveryContract } from './contract-webhook-deliveries.testing.ts'

export type { ContractDatabase } from './contract-fixture.testing.ts'

/** `open` makes a database for this contract only. */
export function storageContract(name: string, open: () => Promise<ContractDatabase>): void {
  describe(`${name} keeps the storage contract`, () => {
    const fixture = createFixture(open)
    describe('append', () => appendContract(fixture))
    describe('answers, edits, deletions', () => aboutContract(fixture))
    describe('conversations', () => conversationContract(fixture))
    describe('a visitor’s own conversations', () => ownConversationsContract(fixture))
    describe('identity', () => identityContract(fixture))
    describe('identity traces', () => traceContract(fixture))
    describe('actions of agents', () => actionRunContract(fixture))
    describe('agents', () => agentContract(fixture))
    describe('audit', () => auditContract(fixture))
    describe('authentication requests', () => authenticationRequestContract(fixture))
    describe('kinds of callers', () => authenticationCallersContract(fixture))
    describe('upkeep of authentication requests', () => authenticationUpkeepContract(fixture))
    describe('upkeep', () => upkeepContract(fixture))
    describe('files', () => fileContract(fixture))
    describe('templates', () => templateContract(fixture))
    describe('jobs', () => jobContract(fixture))
    describe('deliveries to webhooks', () => webhookDeliveryContract(fixture))
    describe('nodes', () => nodeContract(fixture))
    describe('mails about unread messages', () => unreadMailContract(fixture))
    describe('what is kept of a customer', () => personContract(fixture))
    describe('authenticators', () => authenticatorContract(fixture))
    describe('login cards, bot deliveries, agents', () => keepingContract(fixture))
  })
}
