// Puts a brotli copy next to every text and wasm file of a folder, for the server to send to
// browsers that take it.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const compressed = new Set([".js", ".wasm", ".css", ".svg", ".html", ".json", ".webmanifest", ".ftl"]);

function compress(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      compress(path);
    } else if (compressed.has(extname(path))) {
      const content = readFileSync(path);
      const smaller = brotliCompressSync(content, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: 11,
          [constants.BROTLI_PARAM_LGWIN]: 22,
          [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
        },
      });
      if (smaller.length < content.length) writeFileSync(`${path}.br`, smaller);
    }
  }
}

compress(process.argv[1]);
