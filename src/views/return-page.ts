/** Exported so that a content security policy can allow exactly this and nothing else. */
export const PAGE_STYLE = `
  :root { color-scheme: light dark; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 1.125rem/1.5 system-ui, sans-serif;
    background: #f6f7f9; color: #1d1f24; }
  main { box-sizing: border-box; width: 100%; max-width: 30rem; padding: 1.5rem; }
  h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 0.75rem; }
  p { margin: 0 0 0.75rem; }
  @media (prefers-color-scheme: dark) { body { background: #17191d; color: #eceef2; } }
`

/** Where EasyFreelance sends the employee afterwards. Says nothing about the outcome: the page does not know it. */
export function returnPage(): string {
  return page('All done here', [
    'Thank you. You can close this page and go back to Slack.',
    'The result reaches the person who asked as soon as EasyFreelance has it. Your message in Slack will say so too.',
  ])
}

function page(title: string, paragraphs: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('\n')}
</main>
</body>
</html>
`
}
