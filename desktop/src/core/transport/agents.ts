/**
 * HTTP agents for a network route. Owns turning main's plain proxy and certificate data into what Node's sockets take;
 * HTTP calls and the socket share one agent per server.
 */
import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { SocksProxyAgent } from 'socks-proxy-agent';
import type { NetworkRoute } from '../../ipc/core-port.ts';

interface TlsOptions {
  readonly ca?: string[];
}
type Tunnel = Pick<HttpsProxyAgent<string>, 'connect'>;

/** Makes the agent for one origin. Extra authorities add to Node's own, they never replace them. */
export function agentFor(origin: string, route: NetworkRoute): http.Agent {
  const isSecure = origin.startsWith('https:');
  const tlsOptions: TlsOptions = route.ca.length > 0 ? { ca: [...tls.rootCertificates, ...route.ca] } : {};
  const options = { keepAlive: true, maxSockets: 8, ...tlsOptions };
  const { proxy } = route;
  if (!proxy) return isSecure ? new https.Agent(options) : new http.Agent(options);
  const auth = proxy.auth === undefined ? '' : `${proxy.auth}@`;
  const url = `${proxy.type}://${auth}${proxy.host}:${proxy.port}`;
  // Both tunnel with CONNECT, also for ws: and http:, so one agent serves every call.
  return proxy.type === 'socks5'
    ? trusting(new SocksProxyAgent(url, options), tlsOptions)
    : trusting(new HttpsProxyAgent(url, options), tlsOptions);
}

/** What proxy agents are given is for the way to the proxy; the server behind it is judged by this. */
function trusting<A extends Tunnel & http.Agent>(agent: A, tlsOptions: TlsOptions): A {
  const connect = agent.connect.bind(agent);
  agent.connect = (request, options) => connect(request, { ...options, ...tlsOptions });
  return agent;
}
