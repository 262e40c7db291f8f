import { startTestServer } from "../../lib/testing/mod.ts";
import { assert, test } from "../kit.ts";
import { rrm } from "./harness.ts";

test("doctor: what is there and what is missing, with servers, as table and JSON", async () => {
  await using server = await startTestServer({ model: "tiny-model" });
  const gone = server.baseUrl.replace(/:\d+/, ":9");
  const args = ["doctor", "--base-urls", `${server.baseUrl},${gone}`];
  const table = await rrm(args, { env: { PATH: "" } });
  assert.equal(table.code, 0, table.stderr);
  assert.match(table.stdout, /^npm +missing/m);
  assert.match(table.stdout, /^ +npm: .*nodejs/m, "how to get it");
  const findings = JSON.parse((await rrm([...args, "--json"])).stdout);
  const state = (what: string) =>
    findings.find((one: { what: string }) => one.what === what)?.state;
  assert.equal(state(server.baseUrl), "ok");
  assert.equal(state(gone), "missing");
});

test("doctor: exits 2 when none of the servers asked for answers", async () => {
  await using server = await startTestServer({});
  const gone = server.baseUrl.replace(/:\d+/, ":9");
  assert.equal((await rrm(["doctor", "--base-urls", gone])).code, 2);
});
