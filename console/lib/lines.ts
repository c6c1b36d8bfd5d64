/** The first lines of a text stream; the rest is not fetched. */
export async function firstLines(
  stream: ReadableStream<Uint8Array>,
  most: number,
): Promise<readonly string[]> {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    text += decoder.decode(value, { stream: !done })
    const lines = text.split('\n')
    if (!done && lines.length <= most) continue
    await reader.cancel().catch(() => {})
    return (done ? lines : lines.slice(0, -1)).filter(Boolean).slice(0, most)
  }
}
