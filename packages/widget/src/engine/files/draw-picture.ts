/** A picture on a canvas: no page's policy can refuse that. */

export interface Pixels {
  readonly width: number
  readonly height: number
}

/**
 * Draws a picture, no larger than `most` device pixels on its longer side. Resolves with its own size; rejects if it is
 * none.
 */
export async function drawPicture(canvas: HTMLCanvasElement, bytes: Blob, most: number): Promise<Pixels> {
  const bitmap = await createImageBitmap(bytes)
  const { width, height } = bitmap
  const scale = Math.min(1, most / Math.max(width, height))
  canvas.width = Math.max(1, Math.round(width * scale))
  canvas.height = Math.max(1, Math.round(height * scale))
  const context = canvas.getContext('2d')
  if (context !== null) {
    context.imageSmoothingQuality = 'high'
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  }
  bitmap.close()
  return { width, height }
}
