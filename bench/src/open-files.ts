/** Checks the limit of open files, often 1024: every connection is an open file of both processes. */

/** Open files besides connections: standard streams, database, modules being loaded. */
const OTHERS = 200

/** Throws, with advice, if the system does not allow so many open files. */
export function requireOpenFiles(connections: number, allowed = openFilesAllowed()): void {
  if (allowed < connections + OTHERS)
    throw new Error(
      `${connections} connections need ${connections + OTHERS} open files, and a process may have ${allowed} here: ` +
        `raise it with \`ulimit -n ${connections + OTHERS}\` and run this again`,
    )
}

function openFilesAllowed(): number {
  const report = process.report.getReport() as unknown as {
    readonly userLimits?: { readonly open_files?: { readonly soft: number | 'unlimited' } }
  }
  const soft = report.userLimits?.open_files?.soft
  return typeof soft === 'number' ? soft : Number.POSITIVE_INFINITY
}
