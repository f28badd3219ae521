/** Makes a picture smaller, in the browser. */

/** Longer side of a smaller picture, in pixels. */
const LONGEST = 1_920
/** Pictures of fewer bytes are left alone. */
const WORTHWHILE = 300 * 1024
/** Share of the bytes that a smaller picture has at most. */
const SAVING = 0.8
const QUALITY = 0.85

/** Resolves with a picture of fewer bytes; `null` if it is none, moves, or is small already. */
export async function shrink(file: File): Promise<File | null> {
  const { type, name, size } = file
  if (!/^image\/(jpeg|png|webp)$/.test(type) || size < WORTHWHILE) return null
  try {
    const bitmap = await createImageBitmap(file)
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(bitmap.width * scale))
    canvas.height = Math.max(1, Math.round(bitmap.height * scale))
    const context = canvas.getContext('2d')
    if (context === null) return null
    context.imageSmoothingQuality = 'high'
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
    bitmap.close()
    // A PNG may be transparent, or a drawing whose edges matter.
    const smallerType = type === 'image/png' ? type : 'image/jpeg'
    const bytes = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, smallerType, QUALITY))
    if (bytes === null || bytes.size > size * SAVING) return null
    return new File([bytes], name, { type: bytes.type })
  } catch {
    return null
  }
}
