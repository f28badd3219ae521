/** The part of `@20minutes/s3rver`, which has no types, that tests use. */
declare module '@20minutes/s3rver' {
  import type { RequestListener } from 'node:http'

  class S3rver {
    constructor(options: {
      readonly directory: string
      readonly silent: true
      readonly allowMismatchedSignatures: true
      readonly configureBuckets: readonly { readonly name: string }[]
    })
    configureBuckets(): Promise<unknown>
    callback(): RequestListener
  }
  export = S3rver
}
