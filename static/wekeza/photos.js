/* Photos of papers: what a phone's camera makes is often larger than the bank takes, and its bytes
   cost the customer money. They are made smaller before they leave the phone. Where that is not
   possible the file goes as it is, and the bank answers to it. */
(() => {
  "use strict";
  const LARGE = 1 << 20; // Bytes; below it nothing is gained.
  const LONGEST = 2400; // Pixels; the small print of a paper stays sharp.
  const at_work = new Map(); // Button -> how many photos it waits for.

  const smaller = async (file) => {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const paper = canvas.getContext("2d");
    paper.fillStyle = "#fff"; // A JPEG has no holes; they would turn black.
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  };

  const wait = (button, more) => {
    const left = (at_work.get(button) || 0) + more;
    at_work.set(button, left);
    button.disabled = left > 0;
  };

  document.addEventListener("change", async ({ target: box }) => {
    const file = box.type === "file" && box.files[0];
    const button = box.form && box.form.querySelector("button:not([type=button])");
    if (!file || !button || file.size < LARGE || !file.type.startsWith("image/")) return;
    wait(button, 1);
    try {
      const files = new DataTransfer();
      files.items.add(await smaller(file));
      if (box.files[0] === file) box.files = files.files; // Not another that was chosen meanwhile.
    } catch {
      // No picture that this browser can read.
    } finally {
      wait(button, -1);
    }
  });

  /* A file that stays chosen while another field is mended has no error of its own any more. */
  document.addEventListener("htmx:afterSwap", () => {
    document.querySelectorAll("input[type=file][aria-invalid]").forEach((box) => {
      if (!document.getElementById(`${box.id}_error`)) box.removeAttribute("aria-invalid");
    });
  });
})();
