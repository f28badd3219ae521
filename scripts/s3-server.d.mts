/** Types of s3-server.mjs, for the tests that use it. */
export interface S3Server {
  /** As `files.s3` of the configuration. */
  readonly config: {
    readonly bucket: string
    readonly region: string
    readonly endpoint: string
    readonly prefix: string
    readonly accessKeyId: string
    readonly secretAccessKey: string
  }
  /** Names of all objects. */
  keys(): readonly string[]
  /** Asks about each request; where the answer is true, its connection ends without one. `null`: asks no more. */
  cutWhere(isCut: ((method: string) => boolean | Promise<boolean>) | null): void
  stop(): Promise<void>
}

export function startS3Server(): Promise<S3Server>
