// A report as one HTML file that needs nothing beside it: no script, no font and no picture from elsewhere; it prints well.

import { escapedXml, shownText } from '../shown-text.ts';
import { type Block, type Inline, isWebAddress, type Sentence } from './blocks.ts';

const STYLE = `
:root { color-scheme: light; }
body { margin: 0; background: #eef1f5; color: #1f2933; font: 16px/1.55 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 3rem 4rem; background: #fff; }
h1 { font-size: 1.9rem; line-height: 1.25; margin: 0 0 1.2rem; }
h2 { font-size: 1.3rem; margin: 2.4rem 0 .6rem; padding-bottom: .3rem; border-bottom: 1px solid #cbd2d9; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
p, li, td, h1, h2, h3 { overflow-wrap: anywhere; }
th { overflow-wrap: break-word; }
p, li { max-width: 48rem; }
li { margin: .25rem 0; }
table { border-collapse: collapse; width: 100%; margin: .8rem 0 1.2rem; font-size: .9rem; }
th, td { border: 1px solid #cbd2d9; padding: .4rem .6rem; text-align: left; vertical-align: top; }
th { background: #f4f6f8; }
code { font: .9em Consolas, 'DejaVu Sans Mono', monospace; background: #f4f6f8; padding: .05em .15em; border-radius: 3px; }
pre { background: #f4f6f8; border: 1px solid #e1e6eb; border-radius: 6px; padding: .8rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; }
pre code { background: none; padding: 0; }
figure { margin: 1.5rem 0; }
a { color: #0b5394; }
@media (max-width: 50rem) { main { padding: 1.5rem 1rem; } }
@page { margin: 18mm; }
@media print {
  body { background: #fff; font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; }
  tr, pre, figure, li { break-inside: avoid; }
  p + table, p + ul { break-before: avoid; }
  thead { display: table-header-group; }
  a { color: inherit; }
}
`;

/** `diagram` is an SVG element, put where the report shows the funnel; `title` is the file's own. Ends with a newline. */
export function reportHtml(title: string, blocks: readonly Block[], diagram: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapedXml(shownText(title, 300))}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${blocks.map((block) => blockText(block, diagram)).join('\n')}
</main>
</body>
</html>
`;
}

function blockText(block: Block, diagram: string): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level}>${sentenceText(block.of)}</h${block.level}>`;
    case 'paragraph':
      return `<p>${sentenceText(block.of)}</p>`;
    case 'list': {
      const tag = block.ordered ? 'ol' : 'ul';
      return `<${tag}>\n${block.items.map((item) => `<li>${sentenceText(item)}</li>`).join('\n')}\n</${tag}>`;
    }
    case 'table':
      return [
        '<table>',
        `<thead><tr>${block.head.map((name) => `<th scope="col">${escapedXml(name)}</th>`).join('')}</tr></thead>`,
        '<tbody>',
        ...block.rows.map((row) => `<tr>${row.map((cell) => `<td>${sentenceText(cell)}</td>`).join('')}</tr>`),
        '</tbody>',
        '</table>',
      ].join('\n');
    case 'code':
      return `<pre><code>${escapedXml(shownText(block.text))}</code></pre>`;
    case 'diagram':
      return `<figure>\n${diagram.trimEnd()}\n</figure>`;
  }
}

function sentenceText(sentence: Sentence): string {
  return sentence.map(inlineText).join('');
}

function inlineText(inline: Inline): string {
  const shown = escapedXml(shownText(inline.text));
  switch (inline.kind) {
    case 'words':
      return shown;
    case 'value':
      return `<bdi>${shown}</bdi>`;
    case 'strong':
      return `<strong><bdi>${shown}</bdi></strong>`;
    case 'code':
      return `<code><bdi>${shown}</bdi></code>`;
    case 'link':
      return isWebAddress(inline.to)
        ? `<a href="${escapedXml(inline.to)}" rel="noopener noreferrer">${shown}</a>`
        : `<bdi>${shown}</bdi>`;
  }
}
