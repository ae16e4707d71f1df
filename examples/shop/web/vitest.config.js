import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['js/**/*.test.js'],
    coverage: { provider: 'istanbul', include: ['js/**/*.js'], exclude: ['js/**/*.test.js'] },
  },
});
