// A program that is written against the types of the OpenAPI document. `tsc --strict` has to accept it.

import createClient from "openapi-fetch";

import type { components, paths } from "./schema";

type Job = components["schemas"]["Job"];
type LiveMessage = components["schemas"]["LiveMessage"];
type Problem = components["schemas"]["Problem"];

const api = createClient<paths>({ baseUrl: "http://localhost:3001" });

function explain(problem: Problem): string {
  const fields = problem.errors.map((fault) => `${fault.field}: ${fault.message}`);
  return [problem.detail, ...fields].join("\n");
}

/** Signs in and sends the token with every later request. */
export async function signIn(username: string, password: string): Promise<void> {
  const { data, error } = await api.POST("/api/auth/login", { body: { username, password } });
  if (error) throw new Error(explain(error));
  api.use({
    onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${data.access_token}`);
      return request;
    },
  });
}

/** Opens a repair. The same key with the same customer gets the first answer again. */
export async function openRepair(customerId: number, key: string): Promise<Job> {
  const { data, error } = await api.POST("/api/jobs", {
    params: { header: { "Idempotency-Key": key } },
    body: { type: "repair", customer_id: customerId, priority: "high" },
  });
  if (error) throw new Error(explain(error));
  return data;
}

/** Numbers of all open jobs, page by page. */
export async function* openJobs(): AsyncGenerator<string> {
  let cursor: string | undefined;
  do {
    const { data, error } = await api.GET("/api/jobs", {
      params: { query: { status: "open,assigned", limit: 200, cursor } },
    });
    if (error) throw new Error(explain(error));
    yield* data.items.map((job) => job.number);
    cursor = data.next_cursor ?? undefined;
  } while (cursor);
}

/** Each live event has the data of its type. */
export function describe(message: LiveMessage): string {
  switch (message.type) {
    case "job.created":
      return `${message.seq}: job ${message.data.number}`;
    case "inventory.low_stock":
      return `${message.seq}: ${message.data.name}, ${message.data.on_hand} left`;
    default:
      return `${message.seq}: ${message.type}`;
  }
}

// Mistakes have to be found: each of these lines is an error.
// @ts-expect-error unknown status
const status: Job["status"] = "finished";
// @ts-expect-error a job needs its customer
void api.POST("/api/jobs", { body: { type: "repair" } });
// @ts-expect-error no such path
void api.GET("/api/job", {});
void status;
