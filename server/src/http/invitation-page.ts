/**
 * What somebody sees who opens an invitation link in a browser: a button that hands code and server to the app. Nothing
 * is looked up, so the page tells nobody which codes exist.
 */

/** Writes the page. What cannot be a code gets no button. */
export function invitationPage(code: string, serverUrl: string): string {
  const link = /^[0-9A-Za-z-]{4,64}$/.test(code)
    ? `curlew://join/${code}?server=${encodeURIComponent(serverUrl)}`
    : undefined;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Invitation to Curlew</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem}
a{display:inline-block;padding:.6rem 1.2rem;border-radius:.5rem;background:#026e92;color:#fff;text-decoration:none}
a:focus-visible{outline:2px solid;outline-offset:2px}
</style>
</head>
<body>
<h1>You are invited</h1>
${link === undefined ? '' : `<p><a href="${link}">Open in Curlew</a></p>\n`}<p>${link === undefined ? 'Open' : 'Nothing happens? Open'} Curlew, choose “Create an account” (or, if you have one, Settings &gt; Organization &gt; “Join or create an organization”), and paste this page’s address.</p>
</body>
</html>
`;
}
