import { describe, expect, it } from 'vitest';
import {
  chooseChallenge,
  formatChallenge,
  parseChallenge,
} from '../../../../src/protocol/digest/challenge.ts';
import {
  answerChallenge,
  digestSecret,
  formatCredentials,
  parseCredentials,
  provesSecret,
} from '../../../../src/protocol/digest/credentials.ts';
import { DigestError } from '../../../../src/protocol/digest/fields.ts';

// RFC 7616 section 3.9.1
const USER = { username: 'Mufasa', password: 'Circle of Life' };
const REQUEST = { method: 'GET', uri: '/dir/index.html' };
const USE = { clientNonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ', count: 1 };
const CHALLENGE =
  'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=ALGORITHM, ' +
  'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", ' +
  'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';

describe('response', () => {
  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const)('is that of RFC 7616 with %s', (algorithm, wanted) => {
    const challenge = parseChallenge(CHALLENGE.replace('ALGORITHM', algorithm));
    expect(answerChallenge(challenge, USER, REQUEST, USE).response).toBe(wanted);
  });

  it('is that of RFC 2069 without qop', () => {
    // The example of RFC 2069 with the response corrected by its erratum 749.
    const challenge = parseChallenge(
      'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"',
    );
    const user = { username: 'Mufasa', password: 'CircleOfLife' };
    const credentials = answerChallenge(challenge, user, REQUEST, USE);
    expect(credentials.response).toBe('1949323746fe6a43ef61f9606e7febea');
    expect(credentials.use).toBeUndefined();
  });
});

describe('credentials', () => {
  const challenge = parseChallenge(CHALLENGE.replace('ALGORITHM', 'SHA-256'));
  const credentials = answerChallenge(challenge, USER, REQUEST, USE);
  const secret = digestSecret('SHA-256', { ...USER, realm: challenge.realm });

  it('survive being written and read', () => {
    expect(parseCredentials(formatCredentials(credentials))).toEqual(credentials);
  });

  it('prove the secret for one method, URI, nonce and count', () => {
    expect(provesSecret(credentials, secret, 'GET')).toBe(true);
    expect(provesSecret(credentials, secret, 'POST')).toBe(false);
    expect(provesSecret({ ...credentials, uri: '/' }, secret, 'GET')).toBe(false);
    expect(provesSecret({ ...credentials, nonce: 'x' }, secret, 'GET')).toBe(false);
    const use = { ...USE, count: 2 };
    expect(provesSecret({ ...credentials, use }, secret, 'GET')).toBe(false);
    expect(provesSecret({ ...credentials, response: 'short' }, secret, 'GET')).toBe(false);
    const other = digestSecret('SHA-256', { ...USER, realm: 'other' });
    expect(provesSecret(credentials, other, 'GET')).toBe(false);
  });

  it('are read as phones write them', () => {
    const text =
      'digest  username = "a\\"b",realm="r" , nonce="n",uri="sip:a@b;x=1,2",response="AB",' +
      'algorithm="md5",qop="auth",nc=0000000A,cnonce="c",extra=1';
    expect(parseCredentials(text)).toEqual({
      username: 'a"b',
      realm: 'r',
      nonce: 'n',
      uri: 'sip:a@b;x=1,2',
      response: 'ab',
      algorithm: 'MD5',
      use: { clientNonce: 'c', count: 10 },
    });
  });

  const good =
    'Digest username="a",realm="r",nonce="n",uri="u",response="r",qop=auth,nc=00000001,cnonce="c"';
  it.each([
    ['another scheme', good.replace('Digest', 'Basic')],
    ['a missing field', good.replace('nonce="n",', '')],
    ['a repeated field', `${good},realm="s"`],
    ['an open quote', good.slice(0, -1)],
    ['text behind a quote', good.replace('"a"', '"a"b')],
    ['another qop', good.replace('qop=auth', 'qop=auth-int')],
    ['qop without count', good.replace(',nc=00000001', '')],
    ['a short count', good.replace('00000001', '1')],
    ['qop without cnonce', good.replace(',cnonce="c"', '')],
    ['another algorithm', `${good},algorithm=SHA-512`],
    ['a comma at the end of nothing', 'Digest ,'],
    ['a name without value', 'Digest username'],
    ['too many fields', `${good}${Array.from({ length: 40 }, (_, n) => `,x${n}=1`).join('')}`],
    ['too long a value', good.replace('"a"', `"${'a'.repeat(5000)}"`)],
  ])('are refused with %s', (_, text) => {
    expect(() => parseCredentials(text)).toThrow(DigestError);
  });
});

describe('challenge', () => {
  it('survives being written and read', () => {
    const challenge = {
      realm: 'a "b"',
      nonce: 'n',
      opaque: 'o',
      algorithm: 'SHA-256',
      qopAuth: true,
      stale: true,
    } as const;
    expect(parseChallenge(formatChallenge(challenge))).toEqual(challenge);
  });

  it('is chosen by strength, unsupported ones passed over', () => {
    const [md5, sha256, sha512] = ['MD5', 'SHA-256', 'SHA-512-256'].map(
      (algorithm) => `Digest realm="r", nonce="n", algorithm=${algorithm}`,
    );
    expect(chooseChallenge([sha512 ?? '', md5 ?? '', sha256 ?? ''])?.algorithm).toBe('SHA-256');
    expect(chooseChallenge([md5 ?? ''])?.algorithm).toBe('MD5');
    expect(chooseChallenge([sha512 ?? '', 'Basic realm="r"'])).toBeUndefined();
  });

  it('is refused when it offers only auth-int', () => {
    expect(() => parseChallenge('Digest realm="r", nonce="n", qop="auth-int"')).toThrow(
      DigestError,
    );
  });
});
