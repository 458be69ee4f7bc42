/* Photos of papers: what a phone's camera makes is often larger than the bank takes, and its bytes
   cost the customer money. They are made smaller before they leave the phone. Where that is not
   possible the file goes as it is, and the bank answers to it. */
(() => {
  "use strict";
  const LARGE = 1 << 20; // Bytes; below it nothing is gained.
  const LONGEST = 2400; // Pixels; the small print of a paper stays sharp.

  const smaller = async (file) => {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  };

  document.addEventListener("change", async ({ target: box }) => {
    const file = box.type === "file" && box.files[0];
    if (!file || file.size < LARGE || !file.type.startsWith("image/")) return;
    const button = box.form.querySelector("button");
    button.disabled = true;
    try {
      const files = new DataTransfer();
      files.items.add(await smaller(file));
      box.files = files.files;
    } catch {
      // No picture that this browser can read.
    } finally {
      button.disabled = false;
    }
  });
})();
