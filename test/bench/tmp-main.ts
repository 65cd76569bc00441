if (process.env['PROF']) process.execPath = '/tmp/lkb/node-prof';

import { table } from './figure.ts';
import { measureAgentFree } from './tmp-af.ts';

console.log(table(await measureAgentFree()));
