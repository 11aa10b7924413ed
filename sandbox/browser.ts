/** What the employee's browser does behind the link: loads the page, decides there, and is sent back. */
export async function visit(
  link: string,
  decision: 'approved' | 'declined' | 'cancelled' | 'error' | 'leave',
): Promise<string> {
  const page = await fetch(link)
  if (page.status !== 200) throw new Error(`the link answers ${page.status}`)
  const decided = await fetch(link, {
    method: 'POST',
    body: new URLSearchParams({ decision }),
    redirect: 'manual',
  })
  const back = decided.headers.get('location')
  if (back === null) return decided.text()
  const returned = await fetch(back)
  return returned.text()
}
