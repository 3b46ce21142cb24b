// A page in the place of one that can't be had. Nothing personal is in it: pages about her are never kept here.

import { OFFLINE } from "../words/offline";

/** Where the workbench writes down which language she reads (src/shell/install.ts). */
const SPOKEN = "palabre-spoken";

export async function offline(work: string, style: string | undefined): Promise<Response> {
  const language = await spoken();
  const words = OFFLINE[language] ?? OFFLINE.en;
  const sheet = style ? `<link rel="stylesheet" href="${style}">` : "";
  const page = `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${words?.title}</title>
${sheet}
<body class="bench">
<main class="calm">
<h1>${words?.title}</h1>
<p>${words?.text}</p>
<p class="row"><a class="button primary" href="${work}">${words?.work}</a> <a class="button" href="">${words?.again}</a></p>
</main>
</body>
</html>`;
  return new Response(page, {
    status: 503,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      "Content-Security-Policy": "default-src 'none'; style-src 'self'",
    },
  });
}

async function spoken(): Promise<string> {
  const kept = await caches.match("/language", { cacheName: SPOKEN });
  const names = [(await kept?.text()) ?? "", ...navigator.languages];
  return names.map((name) => name.slice(0, 2).toLowerCase()).find((name) => name in OFFLINE) ?? "en";
}
