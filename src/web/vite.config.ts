import { defineConfig } from 'vite';

// Whoever builds it (a test runner sets NODE_ENV=test): what people get is React's production build.
process.env['NODE_ENV'] = 'production';

export default defineConfig({
  build: {
    outDir: '../../build/web',
    emptyOutDir: true,
    // One small page for current browsers: nothing is rewritten for older ones (light-dark() stays as it is).
    target: 'es2024',
    cssTarget: 'esnext',
    modulePreload: false,
    // A data: URL for a font or picture would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
  },
});
