/** What somebody sees who opens an invitation link in a browser. The code stays in the address; nothing is looked up. */
export const invitationPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Invitation to Curlew</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem}</style>
</head>
<body>
<h1>You are invited</h1>
<p>Open Curlew, choose “Create account” (or, if you have one, “Join an organization”), and paste this page’s address.</p>
</body>
</html>
`;
