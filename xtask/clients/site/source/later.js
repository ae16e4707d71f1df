import { release as shared } from './shared.js';

const own = '@release@';
if (own !== shared) throw new Error(`${own} was loaded into ${shared}`);

export const release = own;
