// <variant-grid words single>: arrows and Enter move between the cells of a column, a block copied from
// a spreadsheet is pasted from the cell on, and the cells that differ from what is saved are counted.
class VariantGrid extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", this.#move);
    this.addEventListener("paste", this.#paste);
    this.addEventListener("input", this.#count);
    this.#count();
  }

  get #rows() {
    return [...this.querySelectorAll("tbody tr:has(.grid__input)")].map((row) => [...row.querySelectorAll(".grid__input")]);
  }

  #place(cell) {
    const rows = this.#rows;
    const row = rows.findIndex((cells) => cells.includes(cell));
    return row < 0 ? null : { rows, row, column: rows[row].indexOf(cell) };
  }

  #move = (event) => {
    const { key, target } = event;
    const down = { ArrowDown: 1, Enter: 1, ArrowUp: -1 }[key] ?? 0;
    const across = { ArrowRight: 1, ArrowLeft: -1 }[key] ?? 0;
    const here = (down || across) && this.#place(target);
    if (!here || event.altKey || event.ctrlKey || event.metaKey) return;
    const isList = target.tagName === "SELECT";
    if (down && isList && key !== "Enter") return;
    if (across && !isList && !isAtEdge(target, across)) return;
    const next = here.rows[here.row + down]?.[here.column + across];
    if (next || key === "Enter") event.preventDefault();
    next?.focus();
    next?.select?.();
  };

  #paste = (event) => {
    const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
    const here = /[\t\n]/.test(text) && this.#place(event.target);
    if (!here) return;
    event.preventDefault();
    text.split(/\r?\n/).forEach((line, down) =>
      line.split("\t").forEach((value, across) => {
        const cell = here.rows[here.row + down]?.[here.column + across];
        if (cell) fill(cell, value.trim());
      }),
    );
    event.target.dispatchEvent(new Event("input", { bubbles: true }));
  };

  #count = () => {
    const changed = this.#rows.flat().filter(isChanged);
    this.#rows.flat().forEach((cell) => cell.toggleAttribute("data-changed", isChanged(cell)));
    const words = changed.length === 1 ? this.getAttribute("single") : this.getAttribute("words");
    const place = this.querySelector("[data-count]");
    place.textContent = changed.length ? words.replace("{number}", changed.length) : "";
  };
}

const isChanged = (cell) => cell.value !== (cell.tagName === "SELECT" ? chosenAtFirst(cell) : cell.defaultValue);

// Where none is marked, a list shows its first.
const chosenAtFirst = ({ options }) => ([...options].find((option) => option.defaultSelected) ?? options[0]).value;

const isAtEdge = ({ selectionStart, selectionEnd, value }, way) =>
  (selectionStart === 0 && selectionEnd === value.length) ||
  (selectionStart === selectionEnd && selectionStart === (way > 0 ? value.length : 0));

function fill(cell, value) {
  if (cell.tagName !== "SELECT") cell.value = value;
  const option = [...(cell.options ?? [])].find((known) => known.text === value || known.value === value);
  if (option) cell.value = option.value;
}

customElements.define("variant-grid", VariantGrid);
