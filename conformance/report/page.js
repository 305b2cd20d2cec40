// What a page can do beside being read: filters, kept in the address, and folds that open in time.
"use strict";
(() => {
  const form = document.getElementById("filters");
  const shown = document.getElementById("shown");
  const items = [...document.querySelectorAll("[data-status]")];
  const groups = [...document.querySelectorAll("[data-group]")];
  const folds = [...document.querySelectorAll("details[data-fold]")];
  const texts = new Map();
  let at = "";
  let filtering = false;
  let opened = new Set();

  const textOf = (item) => {
    if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
    return texts.get(item);
  };
  const checked = (name) => [...form.querySelectorAll(`input[name=${name}]:checked`)].map((box) => box.value);

  // What the form says, as a fragment: "q=quotes&status=failed,warned".
  function fragment() {
    const parts = [];
    const put = (name, value) => {
      if (value) parts.push(`${name}=${encodeURIComponent(value).replaceAll("%2C", ",")}`);
    };
    put("q", form.elements.q.value.trim());
    put("status", checked("status").join(","));
    put("level", checked("level").join(","));
    put("area", form.elements.area.value);
    if (form.elements.differs && form.elements.differs.checked) put("differs", "1");
    put("at", at);
    return parts.join("&");
  }

  function apply() {
    const words = form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    const statuses = new Set(checked("status"));
    const levels = new Set(checked("level"));
    const area = form.elements.area.value;
    const differs = Boolean(form.elements.differs && form.elements.differs.checked);
    let count = 0;
    for (const item of items) {
      const data = item.dataset;
      const fits =
        (!statuses.size || data.status.split(" ").some((status) => statuses.has(status))) &&
        (!levels.size || levels.has(data.level)) &&
        (!area || data.area === area) &&
        (!differs || data.differs === "1") &&
        words.every((word) => textOf(item).includes(word));
      item.hidden = !fits;
      if (fits) ++count;
    }
    for (const group of groups) group.hidden = !group.querySelector("[data-status]:not([hidden])");
    const active = words.length > 0 || statuses.size > 0 || levels.size > 0 || area !== "" || differs;
    fold(active);
    const all = `${items.length} requirement${items.length === 1 ? "" : "s"}`;
    shown.textContent = active ? `${count} of ${all} shown` : `All ${all}`;
    form.elements.reset.disabled = !active;
  }

  // What a filter finds is not left folded; without filters, folds are as the reader left them.
  function fold(active) {
    if (active && !filtering) opened = new Set(folds.filter((details) => details.open));
    for (const details of folds) {
      if (active) details.open = !details.hidden;
      else if (filtering) details.open = opened.has(details);
    }
    filtering = active;
  }

  function store() {
    const state = fragment();
    history.replaceState(null, "", state ? `#${state}` : location.pathname + location.search);
  }

  function fill(state) {
    form.elements.q.value = state.get("q") || "";
    for (const name of ["status", "level"]) {
      const values = new Set((state.get(name) || "").split(","));
      for (const box of form.querySelectorAll(`input[name=${name}]`)) box.checked = values.has(box.value);
    }
    form.elements.area.value = state.get("area") || "";
    if (form.elements.area.selectedIndex < 0) form.elements.area.value = "";
    if (form.elements.differs) form.elements.differs.checked = state.get("differs") === "1";
  }

  function reveal(id) {
    const target = document.getElementById(id);
    if (!target) return;
    if (target.closest("[hidden]")) {
      fill(new URLSearchParams());
      apply();
    }
    for (let e = target; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    target.scrollIntoView();
    target.focus({ preventScroll: true });
  }

  // An address names filters, or one place of the page, which leaves the filters as they are.
  function read() {
    let hash = location.hash.slice(1);
    if (hash.includes("=")) {
      const state = new URLSearchParams(hash);
      fill(state);
      at = state.get("at") || "";
    } else {
      try {
        hash = decodeURIComponent(hash);
      } catch {
        hash = "";
      }
      at = document.getElementById(hash) ? hash : "";
    }
    apply();
    if (at) reveal(at);
    store();
  }

  form.hidden = false;
  form.addEventListener("input", () => {
    at = "";
    apply();
    store();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    fill(new URLSearchParams());
    at = "";
    apply();
    store();
    form.elements.q.focus();
  });
  addEventListener("hashchange", () => {
    read();
    // A link to filters may stand far below of what they show.
    if (!at) form.scrollIntoView();
  });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      form.elements.q.focus();
    }
  });

  // On paper nothing can be unfolded.
  let printed = [];
  addEventListener("beforeprint", () => {
    printed = [...document.querySelectorAll("details.print:not([open])")];
    for (const details of printed) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of printed) details.open = false;
  });
  read();
})();
