import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "@playwright/test";
import { freePort } from "./server";

const START_LIMIT_MS = 10_000;
const STOP_LIMIT_MS = 5_000;
/** The bot token that the fake accepts. */
const TOKEN = "700000:uji-coba_bukan-rahasia";

type Chat = {
  messages: { id: number; from_bot: boolean; text: string; buttons: { label: string }[][] }[];
  keyboard: { label: string }[][];
  toasts: string[];
};

/** A Telegram fake on this machine, for one server. */
export class Telegram {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /** Starts the fake and waits until it listens. */
  static async start(): Promise<Telegram> {
    const program = process.env.TELEGRAM_FAKE_BIN;
    if (!program) throw new Error("TELEGRAM_FAKE_BIN is not set: run `cargo xtask test e2e`");
    const port = await freePort();
    const child = spawn(program, [String(port)], { stdio: "ignore" });
    const telegram = new Telegram(`http://127.0.0.1:${port}`, child);
    const deadline = Date.now() + START_LIMIT_MS;
    while (Date.now() < deadline) {
      const answer = await fetch(`${telegram.url}/control/people`).catch(() => undefined);
      if (answer?.ok) return telegram;
      await pause(50);
    }
    await telegram.stop();
    throw new Error("the stand-in for Telegram did not start");
  }

  /** The environment variables that connect a server to it. */
  get env(): NodeJS.ProcessEnv {
    return { TELEGRAM_API_URL: this.url, TELEGRAM_BOT_TOKEN: TOKEN };
  }

  /** Creates a user with a phone. */
  async user(id: number, name: string): Promise<TestUser> {
    await this.call("people", { id, name });
    return new TestUser(this, id);
  }

  async call(path: string, body?: unknown): Promise<any> {
    const request =
      body === undefined
        ? {}
        : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    const answer = await fetch(`${this.url}/control/${path}`, request);
    expect(answer.ok, `${path}: ${answer.status}`).toBe(true);
    const text = await answer.text();
    return text === "" ? undefined : JSON.parse(text);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise<void>((done) => this.child.once("exit", () => done()));
    this.child.kill("SIGTERM");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), STOP_LIMIT_MS);
    await ended;
    clearTimeout(timer);
  }
}

/** A user in a private chat with the bot. */
export class TestUser {
  constructor(
    private readonly telegram: Telegram,
    private readonly id: number,
  ) {}

  async act(act: Record<string, unknown>): Promise<void> {
    await this.telegram.call(`people/${this.id}`, act);
  }

  send(text: string): Promise<void> {
    return this.act({ do: "send", text });
  }

  private chat(): Promise<Chat> {
    return this.telegram.call(`people/${this.id}`);
  }

  /** Waits for a message of the bot with this text; returns the newest one. */
  async reads(text: string): Promise<string> {
    const find = async () =>
      (await this.chat()).messages.filter((message) => message.from_bot && message.text.includes(text)).at(-1)?.text;
    await expect.poll(find, { message: `the bot says: ${text}` }).toBeDefined();
    return (await find())!;
  }

  /** Waits for a button with this label, below a message or in place of the keyboard, and presses the newest one. */
  async tap(label: string): Promise<void> {
    const find = async () => {
      const { messages, keyboard } = await this.chat();
      const below = messages.flatMap(({ id, buttons }) => buttons.flat().map((one) => ({ id, label: one.label })));
      const keys = keyboard.flat().map((key) => ({ id: undefined, label: key.label }));
      return [...keys, ...below].filter((button) => button.label.includes(label)).at(-1);
    };
    await expect.poll(find, { message: `a button: ${label}` }).toBeDefined();
    const button = (await find())!;
    if (button.id === undefined) return this.send(button.label);
    await this.act({ do: "tap", message_id: button.id, label: button.label });
  }
}
