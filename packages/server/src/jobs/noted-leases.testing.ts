/** Notes what a server leases, for tests of two servers on one database. */
import type { LeasedJob } from '../storage/job-storage.ts'
import type { Storage } from '../storage/storage.ts'

interface NotedLeases {
  /** An entry for each look at the database. */
  readonly leases: readonly (readonly LeasedJob[])[]
  readonly wrapStorage: (storage: Storage) => Storage
}

export function noteLeases(): NotedLeases {
  const leases: (readonly LeasedJob[])[] = []
  return {
    leases,
    wrapStorage: (storage) => ({
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
