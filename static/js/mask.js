/* Drag over the page to fill the next empty rectangle; the fields stay the truth and can be typed without a mouse. */
const page = document.querySelector("[data-mask]");
const rows = [...document.querySelectorAll("[data-mask-row]")].map((row) => [...row.querySelectorAll("input")]);

if (page && rows.length) {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  page.append(canvas);
  let from = null;

  const at = (event) => {
    const box = page.getBoundingClientRect();
    const share = (value, start, size) => Math.min(Math.max((value - start) / size, 0), 1) * 100;
    return [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)];
  };
  const between = ([x, y], [u, v]) => [Math.min(x, u), Math.min(y, v), Math.abs(x - u), Math.abs(y - v)];

  function draw(extra) {
    canvas.width = page.clientWidth;
    canvas.height = page.clientHeight;
    const pen = canvas.getContext("2d");
    const typed = rows.map((row) => row.map((input) => Number(input.value))).filter(([, , width]) => width > 0);
    for (const [left, top, width, height] of extra ? [...typed, extra] : typed) {
      pen.fillRect((left * canvas.width) / 100, (top * canvas.height) / 100, (width * canvas.width) / 100, (height * canvas.height) / 100);
    }
  }

  page.addEventListener("pointerdown", (event) => {
    from = at(event);
    page.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  page.addEventListener("pointermove", (event) => from && draw(between(from, at(event))));
  page.addEventListener("pointerup", (event) => {
    const drawn = from && between(from, at(event));
    from = null;
    const free = rows.find((row) => row.every((input) => !input.value));
    if (drawn && free && drawn[2] > 0.5 && drawn[3] > 0.3) {
      // Rounded outwards within the page, so that nothing that was drawn over is left to see.
      const left = Math.floor(drawn[0] * 10) / 10;
      const top = Math.floor(drawn[1] * 10) / 10;
      const width = Math.min(Math.ceil((drawn[0] + drawn[2] - left) * 10) / 10, 100 - left);
      const height = Math.min(Math.ceil((drawn[1] + drawn[3] - top) * 10) / 10, 100 - top);
      [left, top, width, height].forEach((value, n) => { free[n].value = value.toFixed(1); });
    }
    draw();
  });
  document.addEventListener("input", () => draw());
  page.querySelector("img").addEventListener("load", () => draw());
  draw();
}
