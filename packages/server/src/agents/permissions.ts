/** Rights of agents by role and app ([AG3], [AG4]). */
import type { AppId } from '@chat-widget/protocol'
import type { Access } from '../storage/agent-storage.ts'

export const belongsTo = ({ apps }: Pick<Access, 'apps'>, app: AppId): boolean =>
  apps === undefined || apps.includes(app)

/** Readers change nothing, and visitors learn nothing of them. */
export const mayAnswer = ({ role }: Access): boolean => role !== 'reader'

/** Sees the team and the audit. */
export const mayManage = ({ role }: Access): boolean => role === 'owner' || role === 'admin'

/** True if one may see that the other has an account. */
export function sees(asker: Access, account: Access): boolean {
  if (!mayManage(asker)) return false
  return (
    asker.apps === undefined ||
    account.apps === undefined ||
    asker.apps.some((app) => belongsTo(account, app))
  )
}

/** Owners manage everybody; admins manage agents and readers who belong to no app but theirs. */
export function manages(asker: Access, account: Access): boolean {
  if (asker.role === 'owner') return true
  if (asker.role !== 'admin' || mayManage(account)) return false
  if (asker.apps === undefined) return true
  return account.apps?.every((app) => belongsTo(asker, app)) ?? false
}
