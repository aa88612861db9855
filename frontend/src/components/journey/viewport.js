// Zoom, fit and dragging the paper. The stage is scaled; its frame scrolls.
const STEPS = [0.3, 0.4, 0.5, 0.65, 0.8, 0.9, 1, 1.15, 1.3, 1.5];
const MARGIN = 24;
const READABLE = 0.7;

export class Viewport {
  constructor(frame, stage, label) {
    this.frame = frame;
    this.stage = stage;
    this.label = label;
    this.scale = 1;
    this.sizer = stage.parentElement;
    frame.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    frame.addEventListener("pointerdown", (event) => this.grab(event));
    const resizes = new ResizeObserver(() => this.apply());
    resizes.observe(stage);
    resizes.observe(frame);
  }

  apply() {
    const spare = Math.max(0, (this.frame.clientWidth - this.stage.offsetWidth * this.scale) / 2);
    this.stage.style.transform = `translateX(${spare}px) scale(${this.scale})`;
    this.sizer.style.width = `${this.stage.offsetWidth * this.scale}px`;
    this.sizer.style.height = `${this.stage.offsetHeight * this.scale}px`;
    if (this.label) this.label.textContent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" }).format(this.scale);
  }

  to(scale, at = { x: this.frame.clientWidth / 2, y: this.frame.clientHeight / 2 }) {
    const next = Math.min(STEPS.at(-1), Math.max(STEPS[0], scale));
    const x = (this.frame.scrollLeft + at.x) / this.scale;
    const y = (this.frame.scrollTop + at.y) / this.scale;
    this.scale = next;
    this.apply();
    this.frame.scrollTo(x * next - at.x, y * next - at.y);
  }

  in() {
    this.to(STEPS.find((step) => step > this.scale + 0.01) ?? STEPS.at(-1));
  }

  out() {
    this.to(STEPS.findLast((step) => step < this.scale - 0.01) ?? STEPS[0]);
  }

  // The whole flow in sight, never larger than life.
  fit() {
    const wide = (this.frame.clientWidth - MARGIN) / this.stage.offsetWidth;
    const high = (this.frame.clientHeight - MARGIN) / this.stage.offsetHeight;
    this.to(Math.min(1, wide, high));
    this.center();
  }

  // At first: the whole width if it stays readable, the start at the top.
  begin() {
    const wide = (this.frame.clientWidth - MARGIN) / this.stage.offsetWidth;
    this.scale = Math.max(READABLE, Math.min(1, wide));
    this.center();
  }

  center() {
    this.apply();
    this.frame.scrollTo((this.sizer.offsetWidth - this.frame.clientWidth) / 2, 0);
  }

  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const rect = this.frame.getBoundingClientRect();
    this.to(this.scale * Math.exp(-event.deltaY / 300), { x: event.clientX - rect.left, y: event.clientY - rect.top });
  }

  grab(event) {
    if (event.pointerType !== "mouse" || event.button !== 0 || event.target.closest("[data-node], .j-path-label, button, a")) return;
    const from = { x: event.clientX, y: event.clientY, left: this.frame.scrollLeft, top: this.frame.scrollTop };
    const move = (now) => this.frame.scrollTo(from.left - (now.clientX - from.x), from.top - (now.clientY - from.y));
    const drop = () => {
      this.frame.classList.remove("j-grabbed");
      window.removeEventListener("pointermove", move);
    };
    this.frame.classList.add("j-grabbed");
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", drop, { once: true });
  }
}
