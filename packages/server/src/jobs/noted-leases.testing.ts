/** Notes what a server leases, for tests of two servers on one database. */
import type { LeasedJob } from '../storage/job-storage.ts'
import type { Storage } from '../storage/storage.ts'

export function noteLeases() {
  /** An entry for each look at the database. */
  const leases: (readonly LeasedJob[])[] = []
  return {
    leases,
    wrapStorage: (storage: Storage): Storage => ({
      ...storage,
      jobs: {
        ...storage.jobs,
        async lease(request) {
          const leased = await storage.jobs.lease(request)
          leases.push(leased)
          return leased
        },
      },
    }),
  }
}
