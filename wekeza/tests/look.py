"""What a page must be in a real browser: nothing cut, nothing unreadable, no small targets."""

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Only what is wrong is told in full: telling what is right takes as long as finding out.
HOW = {"runOnly": RULES, "resultTypes": ["violations"]}

# Sideways scroll, and boxes that stick out of the window although nothing scrolls them.
STICKS_OUT = """() => {
  const wide = document.documentElement.scrollWidth > innerWidth + 1;
  const out = [...document.querySelectorAll("body *")].filter((part) => {
    const box = part.getBoundingClientRect();
    return box.width && box.right > innerWidth + 1 && !part.closest(".vh, .wk-scroll, svg");
  });
  return wide || out.length ? out.slice(0, 5).map((part) => part.outerHTML.slice(0, 120)) : [];
}"""

# A card with round corners hides what is wider than itself.
CUT_OFF = """() => [...document.querySelectorAll(".wk-card, .wk-hero, .wk-receipt")]
  .filter((part) => part.scrollWidth > part.clientWidth + 1)
  .map((part) => `${part.outerHTML.slice(0, 100)} ${part.scrollWidth} of ${part.clientWidth}`)"""

# Links inside sentences are exempt (WCAG 2.5.8); everything one presses by itself is not.
TOO_SMALL = """(least) => [...document.querySelectorAll("a, button, input, select, textarea")]
  .filter((part) => {
    const box = part.getBoundingClientRect();
    const inLine = part.closest("p, dd, li > span, .vh, .wk-skip, .wk-card__head, .wk-errsum, td");
    return box.width && part.type !== "hidden" && !inLine && !part.matches(".wk-check input")
      && box.height < least;
  })
  .map((part) => `${part.outerHTML.slice(0, 100)} ${part.getBoundingClientRect().height}`)"""


TO_THE_END = """() => new Promise(done => setTimeout(() => requestAnimationFrame(() => {
  scrollTo({top: document.documentElement.scrollHeight, behavior: "instant"});
  requestAnimationFrame(() => requestAnimationFrame(done));
}), 150))"""


def problems_of(page) -> list[str]:
    """This will give what axe and the eye would find wrong with the page that is shown."""
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_load_state()  # Without its style sheet a page would be judged unstyled.
    # At its end the tab bar stands in its own place and covers nothing; what takes the focus after
    # a swap scrolls there first.
    page.evaluate(TO_THE_END)
    found = Axe().run(page, options=HOW).response["violations"]
    problems = [
        f"{rule['id']}: {node['target']} {node.get('failureSummary', '')}"
        for rule in found
        for node in rule["nodes"]
    ]
    return problems + cut_off(page)


def cut_off(page) -> list[str]:
    """This will name what sticks out of the window or of its card."""
    out = [f"sticks out: {part}" for part in page.evaluate(STICKS_OUT)]
    return out + [f"is cut off: {part}" for part in page.evaluate(CUT_OFF)]


def small_targets(page, least: int = 44) -> list[str]:
    """This will name what one presses that is lower than so many pixels."""
    return page.evaluate(TOO_SMALL, least)
