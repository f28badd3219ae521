/** The part of the client that reading files uses. */
export interface FileReadingPorts {
  readonly options: { readonly app: string; readonly server: string }
  readonly identity: { readonly session: string | undefined }
  readonly session: { known(): string | undefined }
}
