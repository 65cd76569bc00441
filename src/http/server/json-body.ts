import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../problems/problem.ts';

const MEDIA_TYPE = 'application/json';
/** Nothing that is asked for is deeper than three. */
const MAX_DEPTH = 8;

/** Takes JSON bodies and no others: strict UTF-8, not deep, without names that change prototypes. */
export function takeJsonBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  const parse = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser(MEDIA_TYPE, { parseAs: 'buffer' }, (request, body, done) => {
    const text = decoded(request, body);
    if (text instanceof Problem) return done(text);
    if (text.trim() === '') return done(null, undefined);
    if (depthOf(text) > MAX_DEPTH) return done(new Problem('invalid-json'));
    return parse(request, text, (error, value) => {
      if (error === null) done(null, value);
      else done(new Problem('invalid-json'));
    });
  });
}

function decoded(request: FastifyRequest, body: Buffer | string): string | Problem {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/iu.exec(
    request.headers['content-type'] ?? '',
  )?.[1];
  if (charset !== undefined && !/^utf-?8$/iu.test(charset)) {
    return new Problem('unsupported-media-type');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(body));
  } catch {
    return new Problem('invalid-json');
  }
}

/** How deep objects and lists lie in each other; brackets in texts do not count. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quoted && sign === '\\') at += 1;
    else if (sign === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (sign === '{' || sign === '[') deepest = Math.max(deepest, (depth += 1));
    else if (sign === '}' || sign === ']') depth -= 1;
  }
  return deepest;
}
