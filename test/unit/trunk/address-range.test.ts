import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInRange, parseAddressRange } from '../../../src/domain/trunk/address-range.ts';

function inRange(range: string, address: string): boolean {
  const parsed = parseAddressRange(range);
  return parsed === undefined ? expect.fail(`${range} is no range`) : isInRange(parsed, address);
}

describe('a range of addresses', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.8', false],
    ['192.0.2.0/24', '192.0.2.255', true],
    ['192.0.2.99/24', '192.0.2.1', true],
    ['192.0.2.0/24', '192.0.3.0', false],
    ['192.0.2.0/31', '192.0.2.1', true],
    ['192.0.2.0/31', '192.0.2.2', false],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['192.0.2.0/24', '::ffff:192.0.2.9', true],
    ['192.0.2.0/24', '::ffff:c000:209', true],
    ['::ffff:192.0.2.0', '192.0.2.0', true],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['::/0', '192.0.2.1', false],
    ['0.0.0.0/0', '::1', false],
    ['192.0.2.0/24', 'carrier.example', false],
    ['192.0.2.0/24', '', false],
  ])('%s holds %s: %s', (range, address, held) => {
    expect(inRange(range, address)).toBe(held);
  });

  it.each([
    '',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.01',
    '192.0.2.0/33',
    '192.0.2.0/',
    '192.0.2.0/24/8',
    '192.0.2.0/-1',
    ' 192.0.2.0',
    '2001:db8::/129',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '1:2:3:4:5:6:7::8:9',
    '::12345',
    '::192.0.2.1:1',
    'fe80::1%eth0',
    'carrier.example',
    '1'.repeat(5000),
  ])('%j is none', (text) => {
    expect(parseAddressRange(text)).toBeUndefined();
  });

  it('is read of every address that Node knows, and holds it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        expect(isIP(address)).not.toBe(0);
        expect(inRange(address, address)).toBe(true);
      }),
    );
  });

  it('of any text is read or refused, never thrown about', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:./]{0,40}$/u)), (text) => {
        const parsed = parseAddressRange(text);
        if (parsed !== undefined) expect(isIP(text.split('/')[0] ?? '')).not.toBe(0);
      }),
    );
  });
});
