/**
 * Which IP addresses are on the public internet, as ranges. Owns the list of those that are not: this machine, private
 * networks, link-local, shared, documentation, multicast, reserved (IANA special-purpose registries). Whoever asks an
 * address that somebody else chose judges it by these: the server its webhooks, the desktop the links it previews.
 */

/** Ranges of IPv4 that are nobody's or not everybody's. */
export const specialV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
] as const;

/** Of IPv6 only global unicast is public. */
export const globalV6 = ['2000::/3'] as const;

/** What of {@link globalV6} carries or stands for something else. */
export const specialV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'] as const;
