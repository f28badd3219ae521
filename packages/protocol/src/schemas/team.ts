/** Requests of the console about agents, sessions and the audit. */
import { z } from 'zod'
import type { AgentId, AppId } from '../ids.ts'
import { line } from '../kinds/choice.ts'
import * as LIMITS from '../limits.ts'
import { uuid } from './common.ts'
import { agentRole } from './conversation.ts'

const agentId = uuid<AgentId>()
const password = z.string().min(1).max(1_024)
/** `null`: all. */
const apps = z
  .array(
    z
      .string()
      .max(LIMITS.nameLength)
      .transform((id) => id as AppId),
  )
  .min(1)
  .max(200)
  .nullable()

export const listAgentsRequest = z.strictObject({})
export type ListAgentsRequest = z.input<typeof listAgentsRequest>

export const addAgentRequest = z.strictObject({
  name: line(LIMITS.nameLength),
  email: z.email().max(254),
  role: agentRole,
  apps,
})
export type AddAgentRequest = z.input<typeof addAgentRequest>

/** Changes what is given. */
export const changeAgentRequest = z.strictObject({
  agentId,
  role: agentRole.optional(),
  apps: apps.optional(),
})
export type ChangeAgentRequest = z.input<typeof changeAgentRequest>

export const agentRequest = z.strictObject({ agentId })
export type AgentRequest = z.input<typeof agentRequest>

/** `sessionId: null`: all, other than the one that asks. */
export const endSessionRequest = z.strictObject({ agentId, sessionId: z.string().max(64).nullable() })
export type EndSessionRequest = z.input<typeof endSessionRequest>

export const changePasswordRequest = z.strictObject({
  present: password,
  next: password.min(LIMITS.passwordLength),
})
export type ChangePasswordRequest = z.input<typeof changePasswordRequest>

export const listAuditRequest = z.strictObject({
  cursor: z.string().max(200).optional(),
  limit: z.int().min(1).max(100),
})
export type ListAuditRequest = z.input<typeof listAuditRequest>
