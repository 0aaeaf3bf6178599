/**
 * HTTP agents for a network route. Owns turning main's plain proxy and certificate data into what Node's sockets take;
 * HTTP calls and the socket share one agent per server.
 */
import http from 'node:http';
import https from 'node:https';
import { isIPv6 } from 'node:net';
import tls from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { SocksProxyAgent } from 'socks-proxy-agent';
import type { NetworkRoute } from '../../ipc/core-port.ts';
import { ProxyFault, proxyFault } from './network-errors.ts';

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
  const { user, password } = proxy.auth ?? { user: '', password: '' };
  const auth = user === '' ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
  const host = isIPv6(proxy.host) ? `[${proxy.host}]` : proxy.host;
  // The SOCKS proxy looks names up: inside its network there may be some that this computer cannot resolve.
  const url = `${proxy.type === 'socks5' ? 'socks5h' : proxy.type}://${auth}${host}:${proxy.port}`;
  // Both tunnel with CONNECT, also for ws: and http:, so one agent serves every call.
  return proxy.type === 'socks5'
    ? tunnelling(new SocksProxyAgent(url, options), tlsOptions)
    : tunnelling(new HttpsProxyAgent(url, options), tlsOptions);
}

/**
 * What proxy agents are given is for the way to the proxy; the server behind it is judged by `tlsOptions`. What the
 * proxy says itself is an error of its own: the agents would hand its refusal on as if the server had answered.
 */
function tunnelling<A extends Tunnel & http.Agent>(agent: A, tlsOptions: TlsOptions): A {
  const connect = agent.connect.bind(agent);
  agent.connect = async (request, options) => {
    let status = 200;
    request.once('proxyConnect', (answer: { readonly statusCode?: number }) => {
      status = answer.statusCode ?? 0;
    });
    const socket = await connect(request, { ...options, ...tlsOptions }).catch((cause: unknown) => {
      throw proxyFault(cause);
    });
    if (status === 200) return socket;
    socket.destroy();
    throw status === 407 ? new ProxyFault('PROXY_AUTH') : new ProxyFault('OFFLINE', `proxy ${status}`);
  };
  return agent;
}
