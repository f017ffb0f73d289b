// <size-chart>: lays the chart over the page for any link to it, the chosen size marked; the
// browser gives the keyboard back to that link.
class SizeChart extends HTMLElement {
  connectedCallback() {
    document.addEventListener("click", this.#open);
    const dialog = this.#dialog;
    dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
    // Where a link opens it, what unfolds would only say it twice.
    this.querySelector("details").hidden = Boolean(document.querySelector("a[href='#size_chart']"));
  }

  disconnectedCallback() {
    document.removeEventListener("click", this.#open);
  }

  get #dialog() {
    return this.querySelector("dialog");
  }

  #open = (event) => {
    if (!event.target.closest("a[href='#size_chart']")) return;
    event.preventDefault();
    const sheet = this.querySelector(".size_chart__sheet");
    this.#dialog.querySelector(".dialog__body").append(sheet);
    this.#mark(sheet);
    this.#dialog.showModal();
  };

  #mark(sheet) {
    const chosen = [...document.querySelectorAll("option-picker :checked")].map(
      (one) => one.dataset.value ?? one.value,
    );
    for (const row of sheet.querySelectorAll("tbody tr"))
      row.toggleAttribute("data-chosen", chosen.includes(row.cells[0].textContent.trim()));
  }
}

customElements.define("size-chart", SizeChart);
