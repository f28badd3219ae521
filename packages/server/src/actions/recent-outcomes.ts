/** Outcomes of the last runs, for a console that missed one. In memory only: they contain customers' data. */
import type { ActionRunId, AgentActionOutcome } from '@chat-widget/protocol'

/** At 64 KiB each, a bound on memory. */
const MAX_OUTCOMES = 200

export function createRecentOutcomes(maxOutcomes = MAX_OUTCOMES) {
  /** Oldest first. */
  const outcomes = new Map<ActionRunId, AgentActionOutcome>()
  return {
    /** Replaces an earlier one of the same run. */
    keep(runId: ActionRunId, outcome: AgentActionOutcome): void {
      outcomes.delete(runId)
      outcomes.set(runId, outcome)
      for (const oldest of outcomes.keys()) {
        if (outcomes.size <= maxOutcomes) return
        outcomes.delete(oldest)
      }
    },
    of: (runId: ActionRunId): AgentActionOutcome | undefined => outcomes.get(runId),
  }
}
