/** Schema of `display`: labels of the values that agents are shown, and where each is read ([ID9]). */
import { z } from 'zod'
import type { DisplayConfig } from './config.ts'
import { CONTEXT_PATH } from './placeholders.ts'

const MAX_LABELS = 12
const LABEL_LENGTH = 40
/** Claims for verifying a token; none tells an agent anything about the customer. */
const TOKEN_CLAIMS: ReadonlySet<string> = new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'])

const path = z.string().regex(CONTEXT_PATH, 'must be names joined by dots, e.g. CustomerInfo.plan')

const claimPath = path.refine((value) => !TOKEN_CLAIMS.has(value.split('.')[0] ?? ''), {
  error: ({ input }) => `${JSON.stringify(input)} is for the token's verifier, not for agents`,
})

const source = z.union([z.strictObject({ claim: claimPath }), z.strictObject({ context: path })])

export const displayConfig = z.record(z.string(), source).superRefine((value, ctx) => {
  const labels = Object.keys(value)
  if (labels.length > MAX_LABELS) ctx.addIssue(`has more than ${MAX_LABELS} labels`)
  const seen = new Set<string>()
  for (const label of labels) {
    const problem = problemOfLabel(label)
    if (problem !== undefined) ctx.addIssue(`the label ${JSON.stringify(label)} ${problem}`)
    const folded = label.normalize('NFKC').toLowerCase()
    if (seen.has(folded)) ctx.addIssue(`the label ${JSON.stringify(label)} looks like another one`)
    seen.add(folded)
  }
})

function problemOfLabel(label: string): string | undefined {
  if (label === '' || label !== label.trim()) return 'must be text without white space around it'
  if (label.length > LABEL_LENGTH) return `is longer than ${LABEL_LENGTH} characters`
  return /[\p{Cc}\p{Default_Ignorable_Code_Point}\p{Surrogate}]/u.test(label)
    ? 'holds a character that cannot be seen'
    : undefined
}

/** Refuses, by name, paths that would show the token: its own, those above it, and those inside it. */
export function refuseToken(
  display: DisplayConfig,
  tokenPath: string,
  ctx: z.RefinementCtx,
  key: readonly string[] = [],
): void {
  const within = (inner: string, outer: string) => inner === outer || inner.startsWith(`${outer}.`)
  for (const [label, from] of Object.entries(display)) {
    if (!('context' in from)) continue
    if (within(from.context, tokenPath) || within(tokenPath, from.context)) {
      const message = `is where the token is (${tokenPath})`
      ctx.addIssue({ code: 'custom', path: [...key, label, 'context'], message })
    }
  }
}
