/** Reads the answer to a `fetch` up to a size, so that no server fills the memory. */

/** Rejects, and ends the connection, if there are more bytes. */
export async function readText(response: Response, mostBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  if (response.body !== null) {
    // Leaving the loop cancels the body, and with it the connection.
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      bytes += chunk.length
      if (bytes > mostBytes) throw new Error('The answer is too large.')
      chunks.push(chunk)
    }
  }
  return Buffer.concat(chunks).toString('utf8')
}
