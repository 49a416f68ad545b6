// The build: one ESM file per subpath export and for the command, and the command's program as one CommonJS file, which V8 keeps bytecode of.
import { defineConfig, type UserConfig } from 'tsdown';

const common: UserConfig = { platform: 'node', target: 'node20', outDir: 'dist', minify: false, clean: false };

export default defineConfig([
  {
    ...common,
    entry: {
      cli: 'src/cli/main.ts',
      'events-worker': 'src/cli/events-worker.ts',
      compiled: 'src/cli/compiled.ts',
      index: 'src/index.ts',
      children: 'src/children/index.ts',
      evtx: 'src/evtx/index.ts',
      history: 'src/history/index.ts',
      hive: 'src/hive/index.ts',
      hunt: 'src/hunt/index.ts',
      logs: 'src/logs/index.ts',
      pe: 'src/pe/index.ts',
      rule: 'src/rule/index.ts',
      shortcuts: 'src/shortcuts/index.ts',
    },
    format: 'esm',
    dts: true,
    outExtensions: () => ({ js: '.js', dts: '.d.ts' }),
  },
  // For npm run truth; the package leaves it out.
  { ...common, entry: { truth: 'truth/without.ts' }, format: 'esm', dts: false, outExtensions: () => ({ js: '.js' }) },
  {
    ...common,
    entry: { program: 'src/cli/program.ts' },
    format: 'cjs',
    dts: false,
    outExtensions: () => ({ js: '.cjs' }),
    outputOptions: { codeSplitting: false },
  },
]);
