/**
 * Whether an address is on the public internet. A link in a message must never make a computer ask its own network for
 * something. The ranges are shared with the server, which judges its webhooks by them.
 */
import { BlockList, isIP } from 'node:net';
import { globalV6, specialV4, specialV6 } from '@curlew/shared/lib/public-addresses.ts';

const special = new BlockList();
const globalUnicast = new BlockList();
for (const [list, ranges, family] of [
  [special, specialV4, 'ipv4'],
  [special, specialV6, 'ipv6'],
  [globalUnicast, globalV6, 'ipv6'],
] as const)
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/');
    list.addSubnet(network, Number(prefix), family);
  }

/** Whether an IP address, written as a resolver gives it, may be asked. Anything that is no address may not. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !special.check(address, 'ipv4');
    case 6:
      return globalUnicast.check(address, 'ipv6') && !special.check(address, 'ipv6');
    default:
      return false;
  }
}
