/** Requests about files, of visitors' devices and of the console. */
import { z } from 'zod'
import { fileId } from '../kinds/file.ts'
import { conversationId } from './common.ts'

/** As the device has it; the server cleans it. */
const fileName = z.string().min(1).max(1_000)
const announced = z.strictObject({
  name: fileName,
  /** Bytes. */
  size: z.int().min(1),
})
const again = z.strictObject({ fileId })

/** A file to be uploaded, or one whose ticket is over. */
export const uploadRequest = z.union([announced, again])
export type UploadRequest = z.input<typeof uploadRequest>

/** Of the console: the file can be sent in this conversation alone. */
export const agentUploadRequest = z.union([
  announced.extend({ conversationId }),
  again.extend({ conversationId }),
])
export type AgentUploadRequest = z.input<typeof agentUploadRequest>

export const restUploadQuery = z.strictObject({ name: fileName })
