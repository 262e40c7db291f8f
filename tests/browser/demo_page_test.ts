import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "../deps.ts";
import { assert, test } from "../kit.ts";
import { renderDemo } from "../../lib/report/mod.ts";
import { payloads, poisoned, tainted } from "../report/hostile.ts";
import {
  directRow,
  emittedRow,
  errorRow,
  fallbackRow,
  oracleRow,
  sampleRows,
} from "../report/sample_rows.ts";
import { sampleTasks } from "../report/problems.ts";
import { noBrowser, openBrowser } from "./chromium.ts";

const tasks = sampleTasks(3);
const sample = renderDemo({
  title: "Sample",
  rows: [...sampleRows(6), oracleRow(tasks[0]!)],
  tasks,
});

/** What a page did that it should not have done. */
interface Incidents {
  readonly dialogs: string[];
  readonly requests: string[];
  readonly errors: string[];
}

interface Visit {
  readonly page: Page;
  readonly incidents: Incidents;
}

interface Look {
  readonly width?: number;
  readonly colorScheme?: "light" | "dark";
  readonly javaScriptEnabled?: boolean;
}

/** Opens `html` from a file, as a double click would. */
async function visit(
  html: string,
  look: Look,
  body: (visit: Visit) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "rrm-page-"));
  const file = join(folder, "index.html");
  await writeFile(file, html);
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({
      viewport: { width: look.width ?? 1440, height: 900 },
      colorScheme: look.colorScheme ?? "light",
      javaScriptEnabled: look.javaScriptEnabled ?? true,
    });
    const incidents: Incidents = { dialogs: [], requests: [], errors: [] };
    const address = pathToFileURL(file).href;
    page.on("dialog", async (dialog) => {
      incidents.dialogs.push(dialog.message());
      await dialog.dismiss();
    });
    page.on("request", (request) => {
      if (request.url().split("#")[0] !== address) incidents.requests.push(request.url());
    });
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") {
        incidents.errors.push(message.text());
      }
    });
    page.on("pageerror", (error) => incidents.errors.push(error.message));
    await page.goto(address);
    await body({ page, incidents });
  } finally {
    await browser.close();
    await rm(folder, { recursive: true });
  }
}

const nothing: Incidents = { dialogs: [], requests: [], errors: [] };
const skip = { skip: noBrowser };

function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
}

/** Sends everything the events that hostile markup waits for, and leaves everything open. */
async function poke(page: Page): Promise<void> {
  await page.evaluate(`
    for (const item of document.querySelectorAll("*")) {
      for (const name of ["mouseover", "focus", "load", "error", "begin", "click"]) {
        if (item.tagName !== "A") item.dispatchEvent(new Event(name, { bubbles: true }));
      }
    }
    for (const item of document.querySelectorAll("details")) item.open = true;`);
  await page.waitForTimeout(50);
}

for (const width of [390, 1440]) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`the page fits ${width} px, ${colorScheme}, all open, without a complaint`, async () => {
      await visit(sample, { width, colorScheme }, async ({ page, incidents }) => {
        assert.equal(await sidewaysScroll(page), 0);
        await poke(page);
        assert.equal(await sidewaysScroll(page), 0);
        const ink = await page.evaluate<string>("getComputedStyle(document.body).color");
        const light = Number(ink.match(/\d+/)![0]) > 128;
        assert.equal(light, colorScheme === "dark");
        assert.ok((await page.screenshot()).length > 10_000);
        assert.deepEqual(incidents, nothing);
      });
    }, skip);
  }
}

test("nothing in hostile rows runs, loads or breaks out", async () => {
  const rows = payloads.flatMap((payload, index) => {
    const task = { ...tasks[index % 3]!, id: `t${index}` };
    const all = [directRow(task), emittedRow(task), fallbackRow(task), errorRow(task)];
    const row = all[index % all.length]!;
    return [tainted(row, payload), tainted(directRow(task), payload), poisoned(row, payload)];
  });
  const html = renderDemo({ title: payloads.join(" "), rows, notes: payloads });
  await visit(html, { width: 390 }, async ({ page, incidents }) => {
    await poke(page);
    assert.deepEqual(incidents, nothing);
    assert.equal(await page.locator("script").count(), 1);
    assert.equal(
      await page.locator("img, iframe, object, embed, base, form, link, template").count(),
      0,
    );
    const handlers = await page.evaluate(`[...document.querySelectorAll("*")].flatMap((item) =>
      [...item.attributes].map((own) => own.name)).filter((name) => /^on|^style$|^src/.test(name))`);
    assert.deepEqual(handlers, []);
    const text = await page.evaluate<string>("document.body.textContent");
    for (const payload of ["<script>alert(1)</script>", "<img src=x onerror=alert(6)>"]) {
      assert.ok(text.includes(payload), payload);
    }
    assert.equal(await sidewaysScroll(page), 0);
  });
}, skip);

test("the policy stops a script that is put into the page after all", async () => {
  const smuggled = sample.replace(
    "<main>",
    "<main><script>alert('in')</script><p onclick=alert(1)>x</p>",
  );
  await visit(smuggled, {}, async ({ page, incidents }) => {
    await poke(page);
    assert.deepEqual(incidents.dialogs, []);
    assert.ok(incidents.errors.some((error) => error.includes("Content Security Policy")));
  });
}, skip);

test("the filter shows what it says, and a link to a hidden task shows it again", async () => {
  await visit(sample, {}, async ({ page, incidents }) => {
    const rows = page.locator(".tasks tbody tr:visible");
    const all = await rows.count();
    await page.locator("#filter").selectOption("some-wrong");
    const wrong = await rows.count();
    assert.ok(wrong > 0 && wrong < all, `${wrong} of ${all}`);
    assert.equal(await page.locator(".case:visible").count(), wrong);
    assert.equal(await page.locator("#shown").textContent(), `${wrong} shown`);
    await page.evaluate("location.hash = document.querySelector('.case[hidden]').id");
    await page.locator(".case:target").waitFor({ state: "visible" });
    assert.equal(await rows.count(), all);
    assert.deepEqual(incidents, nothing);
  });
}, skip);

test("the keyboard reaches the tasks and opens what is folded", async () => {
  await visit(sample, {}, async ({ page }) => {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate("document.activeElement.className"), "skip");
    await page.locator(".nodes > summary").first().focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.locator(".nodes").first().getAttribute("open"), "");
  });
}, skip);

test("a link to a text that is folded opens it", async () => {
  await visit(sample, {}, async ({ page }) => {
    const link = page.locator('.again a[href^="#text-"]').last();
    const anchor = (await link.getAttribute("href"))!;
    await page.evaluate(`location.hash = "${anchor}"`);
    await page.locator(`${anchor} > .text`).waitFor({ state: "visible" });
  });
}, skip);

test("without its script the page says the same", async () => {
  await visit(sample, { javaScriptEnabled: false }, async ({ page, incidents }) => {
    assert.equal(await page.locator(".tools").isVisible(), false);
    assert.equal(await page.locator(".case").count(), 6);
    await page.locator(".nodes > summary").first().click();
    assert.equal(await page.locator(".tree").first().isVisible(), true);
    assert.deepEqual(incidents, nothing);
  });
}, skip);

test(
  "every timeline has a title, a description and bars that do not lie on each other",
  async () => {
    await visit(sample, {}, async ({ page }) => {
      const unnamed = await page.evaluate<number>(`[...document.querySelectorAll("svg[role=img]")]
      .filter((svg) => !svg.getAttribute("aria-label") &&
        !(svg.querySelector("title")?.textContent && svg.querySelector("desc")?.textContent)).length`);
      assert.equal(unnamed, 0);
      const overdrawn = await page.evaluate<number>(
        `[...document.querySelectorAll(".timeline > svg")]
      .flatMap((svg) => {
        const boxes = [...svg.querySelectorAll(":scope > g")].map((bar) => {
          const parts = [...bar.querySelectorAll(":scope > rect:not(.critical)")]
            .map((part) => part.getBoundingClientRect());
          return {
            left: Math.min(...parts.map((part) => part.left)),
            right: Math.max(...parts.map((part) => part.right)),
            top: parts[0].top,
          };
        });
        return boxes.flatMap((a, at) => boxes.slice(at + 1).filter((b) =>
          a.top === b.top && a.left < b.right - 2.5 && b.left < a.right - 2.5));
      }).length`,
      );
      assert.equal(overdrawn, 0);
    });
  },
  skip,
);

test("200 tasks open within seconds", async () => {
  const html = renderDemo({ title: "Many", rows: sampleRows(200) });
  const started = performance.now();
  await visit(html, {}, async ({ page }) => {
    const seconds = (performance.now() - started) / 1000;
    console.error(`200 tasks: browser start and load in ${seconds.toFixed(1)} s`);
    assert.ok(seconds < 20, `${seconds} s`);
    assert.equal(await page.locator(".case").count(), 200);
  });
}, skip);
