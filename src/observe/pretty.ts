/** A line of the log for people: `21:23:49.120 warn  phone refused agentId=anna tries=3`. */
export function prettyLine(json: string): string {
  const { level, time, message, ...fields } = parse(json);
  const clock = String(time).slice(11, 23);
  const pairs = Object.entries(fields).map(([name, value]) => ` ${name}=${prettyValue(value)}`);
  return `${clock} ${String(level).padEnd(5)} ${oneLine(String(message))}${pairs.join('')}\n`;
}

function parse(json: string): Readonly<Record<string, unknown>> {
  const line: unknown = JSON.parse(json);
  return typeof line === 'object' && line !== null ? { ...line } : {};
}

function prettyValue(value: unknown): string {
  const text = oneLine(String(value));
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}

/** Control characters could move the cursor or forge a line. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '�');
}
