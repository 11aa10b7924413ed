// Its own paper, so that it can be read wherever it is shown; no font is fetched.
const STYLE = `
  svg { --paper: #ffffff; --ink: #1f2328; --faint: #59636e; --grid: #d1d9e0; --ours: #0969da; --other: #818b98; --bad: #cf222e; }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #0d1117; --ink: #f0f6fc; --faint: #9198a1; --grid: #3d444d; --ours: #4493f8; --other: #9198a1; --bad: #ff7b72; }
  }
  text { font: 13px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: var(--ink); }
  .title { font-size: 15px; font-weight: 600; }
  .group, .ours-name { font-weight: 600; }
  .faint { fill: var(--faint); font-size: 12px; }
  .grid { stroke: var(--grid); }
  .other { stroke: var(--other); fill: var(--other); }
  .ours { stroke: var(--ours); fill: var(--ours); }
  .bad { stroke: var(--bad); fill: var(--bad); }
  .goal { stroke: var(--ink); stroke-width: 1.5; }
  .span { stroke-width: 4; stroke-linecap: round; opacity: 0.45; }
  .p95 { stroke-width: 2; }
`

export type Sheet = { readonly width: number; readonly height: number; readonly title: string; readonly about: string }

/** A picture with its title, readable on light and dark pages. */
export function sheet({ width, height, title, about }: Sheet, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${title}</title>`,
    `<style>${STYLE}</style>`,
    `<rect width="${width}" height="${height}" rx="8" fill="var(--paper)"/>`,
    text(16, 28, title, 'title'),
    text(16, 48, about, 'faint'),
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

export function text(atX: number, atY: number, content: string, kind: string, anchor = 'start'): string {
  return `<text class="${kind}" x="${atX}" y="${atY}" text-anchor="${anchor}">${content}</text>`
}

/** Where a value stands between the first and the last of a logarithmic axis, from 0 to 1; beyond them at their place. */
export function logShare(value: number, first: number, last: number): number {
  return Math.log(Math.min(last, Math.max(first, value)) / first) / Math.log(last / first)
}
