// Builds dist/ as tsdown.config.ts says, and speaks only when something is wrong.
import { build } from 'tsdown';

await build({ logLevel: 'warn' });
