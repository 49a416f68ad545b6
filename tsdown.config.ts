// The build: one file for the command line and one per subpath export, all ESM, dependencies of the CLI bundled in.
import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: {
    cli: 'src/cli/main.ts',
    index: 'src/index.ts',
    children: 'src/children/index.ts',
    pe: 'src/pe/index.ts',
    rule: 'src/rule/index.ts',
  },
  format: 'esm',
  platform: 'node',
  target: 'node20',
  outDir: 'dist',
  dts: true,
  clean: true,
  minify: false,
  outExtensions: () => ({ js: '.js', dts: '.d.ts' }),
});
