import { expect } from "@playwright/test";

/** API client of an integrator: JSON in, JSON out. A refusal fails the test with its problem document. */
export class Api {
  private constructor(
    private readonly url: string,
    private token: string,
  ) {}

  static async login(url: string, username: string, password: string): Promise<Api> {
    const api = new Api(url, "");
    const { access_token } = await api.post("/auth/login", { username, password });
    api.token = access_token;
    return api;
  }

  /** Signs in with the temporary password, changes it and signs in again. */
  static async firstLogin(url: string, username: string, first: string, password: string): Promise<Api> {
    const api = await Api.login(url, username, first);
    await api.send("PUT", "/auth/password", { current_password: first, new_password: password });
    return Api.login(url, username, password);
  }

  get(path: string): Promise<any> {
    return this.send("GET", path);
  }

  post(path: string, body: unknown): Promise<any> {
    return this.send("POST", path, body);
  }

  /** Replaces a resource of the version that was read. */
  put(path: string, body: { version: number } & Record<string, unknown>, sent: unknown = body): Promise<any> {
    return this.send("PUT", path, sent, { "If-Match": `"${body.version}"` });
  }

  /** Changes some of the settings. */
  async settings(change: Record<string, unknown>): Promise<void> {
    const settings = await this.get("/settings");
    await this.put("/settings", { ...settings, ...change });
  }

  /** Sends a file as `multipart/form-data`, with text fields before it. */
  async upload(path: string, name: string, file: Buffer, texts: Record<string, string> = {}): Promise<any> {
    const form = new FormData();
    for (const [field, text] of Object.entries(texts)) form.append(field, text);
    form.append("file", new Blob([new Uint8Array(file)]), name);
    return this.read(await fetch(`${this.url}/api${path}`, { method: "POST", body: form, headers: this.headers() }));
  }

  /** Returns the bytes at an address that the API returned. */
  async bytes(address: string): Promise<Buffer> {
    const answer = await fetch(`${this.url}${address}`, { headers: this.headers() });
    expect(answer.status, address).toBe(200);
    return Buffer.from(await answer.arrayBuffer());
  }

  private async send(method: string, path: string, body?: unknown, extraHeaders: Record<string, string> = {}): Promise<any> {
    const type = body === undefined ? {} : { "Content-Type": "application/json" };
    const headers = { ...this.headers(), ...type, ...extraHeaders };
    const json = body === undefined ? undefined : JSON.stringify(body);
    return this.read(await fetch(`${this.url}/api${path}`, { method, headers, body: json }));
  }

  private async read(answer: Response): Promise<any> {
    const text = await answer.text();
    expect(answer.ok, `${answer.url}: ${answer.status} ${text}`).toBe(true);
    return text === "" ? undefined : JSON.parse(text);
  }

  private headers(): Record<string, string> {
    return this.token === "" ? {} : { Authorization: `Bearer ${this.token}` };
  }
}
