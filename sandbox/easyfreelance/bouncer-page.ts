import type { Session } from './books.ts'

const STYLE = `
  :root { color-scheme: light dark; --ink: #1c2530; --soft: #5a6775; --paper: #fff; --ground: #f1f4f7; --line: #d5dce4;
    --yes: #0b6b47; --focus: #1264d6 }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #eef2f6; --soft: #a9b5c2; --paper: #1d242c; --ground: #12171d; --line: #38434f; --yes: #17835a;
      --focus: #7db2ff }
  }
  * { box-sizing: border-box }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 16px; background: var(--ground);
    color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
  main { width: 100%; max-width: 440px; background: var(--paper); border: 1px solid var(--line); border-radius: 16px;
    padding: 28px 24px }
  h1 { font-size: 22px; line-height: 1.25; margin: 0 0 8px }
  p { margin: 0 0 16px }
  .stand-in { color: var(--soft); font-size: 14px }
  dl { display: grid; grid-template-columns: auto 1fr; gap: 6px 16px; margin: 0 0 24px; padding: 14px 0;
    border: solid var(--line); border-width: 1px 0 }
  dt { color: var(--soft) }
  dd { margin: 0; text-align: right; font-weight: 600 }
  form { display: grid; grid-template-columns: 1fr 1fr; gap: 10px }
  button { font: inherit; font-weight: 600; padding: 11px; border-radius: 10px; border: 1px solid var(--line);
    background: transparent; color: inherit; cursor: pointer }
  button[value=approved] { grid-column: 1 / -1; background: var(--yes); border-color: var(--yes); color: #fff }
  button[value=leave] { border-style: dashed; color: var(--soft) }
  button:hover { filter: brightness(1.08); border-color: var(--soft) }
  button:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px }
`

const PROVIDERS = { veriff: 'Veriff', bankid: 'BankID' } as const
const ID_TYPES = { local: 'Norwegian documents', international: 'Foreign documents' } as const

export function choicePage(session: Session): string {
  const idType = session.idType === null ? '' : `<dt>ID type</dt><dd>${ID_TYPES[session.idType]}</dd>`
  const until = new Date(session.expiresAt).toISOString()
  return page(
    'Confirm who you are',
    `<p>Choose how this verification ends. Nobody is asked for a document here.</p>
    <dl>
      <dt>Provider</dt><dd>${PROVIDERS[session.provider]}</dd>
      ${idType}
      <dt>Open until</dt><dd><time datetime="${until}">${until.slice(0, 16).replace('T', ' ')} UTC</time></dd>
    </dl>
    <form method="post">
      <button name="decision" value="approved">Approve</button>
      <button name="decision" value="declined">Decline</button>
      <button name="decision" value="cancelled">Cancel</button>
      <button name="decision" value="error">Error</button>
      <button name="decision" value="leave">Walk away</button>
    </form>`,
  )
}

export function leftPage(): string {
  return page(
    'You walked away',
    '<p>Nothing was decided, and the link keeps working until its time is over. You can close this tab.</p>',
  )
}

export function endedPage(session: Session): string {
  const hasExpired = session.status === 'expired' || session.status === 'pending'
  return hasExpired
    ? page('This link has expired', '<p>Ask the person who sent it for a new one. You can close this tab.</p>')
    : page('This verification is over', '<p>There is nothing more to do here. You can close this tab.</p>')
}

export function unknownPage(): string {
  return page('There is nothing here', '<p>The link is not complete, or it was never one.</p>')
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title}</title>
  <style>${STYLE}</style>
</head>
<body>
  <main>
    <p class="stand-in">This is the sandbox's stand-in for EasyFreelance.</p>
    <h1>${title}</h1>
    ${content}
  </main>
</body>
</html>
`
}
