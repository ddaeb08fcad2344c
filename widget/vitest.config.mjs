import { defineConfig } from "vitest/config";

export default defineConfig({
  define: { TEXTS: '"test"' },
  test: { environment: "happy-dom", include: ["test/**/*.test.ts"] },
});
