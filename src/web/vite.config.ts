import { defineConfig } from 'vite';

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
