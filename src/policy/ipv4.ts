const OCTET = /^(?:0|[1-9]\d{0,2})$/;

/** Whether the text is an IPv4 address in its one canonical form, as net.isIPv4 has it: that would load
 * all of node:net at every start whose settings have such an address. */
export function isCanonicalIPv4(text: string): boolean {
  const octets = text.split('.');
  return octets.length === 4 && octets.every((octet) => OCTET.test(octet) && Number(octet) <= 255);
}
