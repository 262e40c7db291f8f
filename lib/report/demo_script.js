// Conveniences only: the page says everything without this script.
(() => {
  const byId = (id) => document.getElementById(id);
  const tools = document.querySelector(".tools");
  const filter = byId("filter");
  const items = document.querySelectorAll("[data-kind]");
  if (!tools || !filter) return;
  tools.hidden = false;

  function apply() {
    let shown = 0;
    for (const item of items) {
      item.hidden = filter.value !== "" && !item.dataset.kind.split(" ").includes(filter.value);
      if (!item.hidden && item.tagName === "TR") shown++;
    }
    byId("shown").textContent = filter.value === "" ? "" : `${shown} shown`;
  }

  function setAll(open) {
    for (const item of document.querySelectorAll(".case:not([hidden]) details")) item.open = open;
  }

  // A link may lead to a text that is folded or filtered away.
  function reveal() {
    const target = byId(location.hash.slice(1));
    if (!target) return;
    if (target.closest("[data-kind][hidden]")) {
      filter.value = "";
      apply();
    }
    for (let at = target; at; at = at.parentElement) {
      if (at.tagName === "DETAILS") at.open = true;
    }
    target.scrollIntoView();
  }

  filter.addEventListener("change", apply);
  byId("open").addEventListener("click", () => setAll(true));
  byId("close").addEventListener("click", () => setAll(false));
  addEventListener("hashchange", reveal);
  apply();
  if (location.hash) reveal();
})();
