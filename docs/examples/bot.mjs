// A bot in plain Node 22: says hello, puts 👀 on what people write, answers "ping". Set the three variables, then run it.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
const { CURLEW_URL: url, CURLEW_TOKEN: token, CURLEW_CONVERSATION: room } = process.env;

async function api(method, path, content) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  headers['idempotency-key'] = randomUUID(); // the same at every try, so that a lost answer never makes it two
  const request = { method, headers, body: content && JSON.stringify(content) };
  for (;;) {
    const response = await fetch(`${url}/api${path}`, request).catch(() => undefined);
    const answer = await response?.json().catch(() => undefined);
    if (response?.ok && answer) return answer;
    if (response?.status < 500 && response.status !== 429) throw new Error(answer?.error?.message);
    await sleep(answer?.error?.retryMs ?? 1000); // busy, restarting or out of reach: again later
  }
}

const me = await api('GET', '/me');
let { seq } = await api('POST', `/conversations/${room}/messages`, { text: 'Hello! Write “ping” to me.' });
for (; ; await sleep(1000)) {
  const { messages } = await api('GET', `/conversations/${room}/messages?limit=100`);
  for (const { id, text } of messages.filter((it) => it.createSeq > seq && it.senderId !== me.id)) {
    await api('PUT', `/messages/${id}/reactions/${encodeURIComponent('👀')}`, {});
    const pong = { text: 'pong', replyTo: id };
    if (/ping/i.test(text)) await api('POST', `/conversations/${room}/messages`, pong);
  }
  seq = Math.max(seq, ...messages.map((it) => it.createSeq));
}
