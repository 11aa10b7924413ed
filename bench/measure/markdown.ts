/** A table in Markdown: the first `words` columns are read, the others are compared. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[], words = 1): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const ruler = head.map((_, index) => (index < words ? '---' : '---:'))
  return [line(head), line(ruler), ...rows.map(line)].join('\n')
}
