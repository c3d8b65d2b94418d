import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base } from "@playwright/test";

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 5_000;

/** The first administrator of every test server. */
export const ADMIN = { username: "admin", password: "Rahasia-Sekali-2026" };

/** The password of every account of the demo data. */
export const DEMO_PASSWORD = "Coba-Demo-123";

/** A real server with its own port and its own empty database. */
export class Server {
  private constructor(
    /** Its address, without a slash at the end. */
    readonly url: string,
    /** Its folder: database, uploads and log. It is deleted when the server stops. */
    readonly dir: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly child: ChildProcess,
  ) {}

  /** Starts the binary, perhaps with more environment variables and arguments, and waits until it is ready. */
  static async start(extra: NodeJS.ProcessEnv = {}, args: string[] = []): Promise<Server> {
    const dir = mkdtempSync(join(tmpdir(), "isp-e2e-"));
    const port = await freePort();
    const env = {
      ...process.env,
      HOST: "127.0.0.1",
      PORT: String(port),
      DATABASE_URL: `sqlite://${join(dir, "isp.db")}`,
      UPLOADS_URL: `file://${join(dir, "uploads")}`,
      LOG_DIR: join(dir, "logs"),
      JWT_SECRET: "only-for-browser-tests-0123456789abcdef",
      ADMIN_USERNAME: ADMIN.username,
      ADMIN_PASSWORD: ADMIN.password,
      TELEGRAM_BOT_TOKEN: "",
      WHATSAPP_TOKEN: "",
      ...extra,
    };
    const child = spawn(binary(), ["serve", ...args], { cwd: dir, env, stdio: ["ignore", "pipe", "pipe"] });
    const log = createWriteStream(join(dir, "server.log"));
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    const server = new Server(`http://127.0.0.1:${port}`, dir, env, child);
    try {
      await server.ready();
    } catch (error) {
      const output = server.log();
      await server.stop();
      throw new Error(`${error instanceof Error ? error.message : error}\n${output}`);
    }
    return server;
  }

  /** Runs a command of the binary on this server's database, such as `isp-server import customers FILE`. */
  run(...args: string[]): { status: number | null; output: string } {
    const result = spawnSync(binary(), args, { cwd: this.dir, env: this.env, encoding: "utf8" });
    return { status: result.status, output: `${result.stdout}${result.stderr}` };
  }

  /** Returns what the server has printed so far. */
  log(): string {
    try {
      return readFileSync(join(this.dir, "server.log"), "utf8");
    } catch {
      return "";
    }
  }

  /** Stops the server and deletes its folder. */
  async stop(): Promise<void> {
    const ended = this.ended ? Promise.resolve() : new Promise<void>((done) => this.child.once("exit", () => done()));
    this.child.kill("SIGTERM");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), STOP_LIMIT_MS);
    await ended;
    clearTimeout(timer);
    rmSync(this.dir, { recursive: true, force: true });
  }

  private get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private async ready(): Promise<void> {
    let startError: Error | undefined;
    this.child.once("error", (error) => (startError = error));
    const deadline = Date.now() + START_LIMIT_MS;
    while (Date.now() < deadline) {
      if (startError) throw startError;
      if (this.ended) throw new Error(`the server ended at once (${this.child.exitCode ?? this.child.signalCode})`);
      const answer = await fetch(`${this.url}/health/ready`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`the server was not ready within ${START_LIMIT_MS / 1000} s`);
  }
}

/** `test` with one server for the whole run. A test that needs an empty database starts a `Server` of its own. */
export const test = base.extend<{ baseURL: string }, { server: Server }>({
  server: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ server }, use) => use(server.url),
});

export { expect } from "@playwright/test";

function binary(): string {
  const path = process.env.ISP_SERVER_BIN;
  if (!path) throw new Error("ISP_SERVER_BIN is not set: start the tests by `cargo xtask test e2e`");
  return path;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}
