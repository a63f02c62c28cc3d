"""Debian's Chromium, headless, over one page of this machine.

``make browser`` installs what is needed. Where it is missing the tests are skipped, and say so.
"""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.support.folders import ROOT

AXE = ROOT / ".venv/browser/node_modules/axe-core/axe.min.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 10
"""The longest wait for something that a page does by itself."""


class Browser:
    """A page in Chromium, and what a reader does with it."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(
        self, path: Path, fragment: str = "", *, width: int = 1600, dark: bool = False
    ) -> None:
        """Show a file, in a window of this width, as a reader who likes it dark or light."""
        self.resize(width)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        # Without motion, what is scrolled to is there at once.
        still = {"name": "prefers-reduced-motion", "value": "reduce"}
        self.command("Emulation.setEmulatedMedia", features=[scheme, still])
        # An address that differs in its fragment alone would not load the page anew.
        self.driver.get("about:blank")
        self.driver.get(path.as_uri() + fragment)

    def resize(self, width: int, height: int = 1000) -> None:
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def command(self, name: str, **parameters: object) -> Any:
        return self.driver.execute_cdp_cmd(name, parameters)

    def script(self, code: str, *arguments: object) -> Any:
        """Return what a function body gives for ``arguments``."""
        return self.driver.execute_script(code, *arguments)

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def click(self, selector: str) -> None:
        element = self.one(selector)
        self.script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def type(self, keys: str) -> None:
        ActionChains(self.driver).send_keys(keys).perform()

    def until(self, code: str) -> None:
        """Wait until an expression holds in the page."""
        WebDriverWait(self.driver, SECONDS).until(lambda _: self.script(f"return {code}"))

    def settled(self) -> None:
        """Wait until the page has drawn what it was told to, twice over."""
        self.driver.execute_async_script(
            "const done = arguments[0];"
            "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))"
        )

    def is_seen(self, selector: str) -> bool:
        """Return whether the middle of the element is on the screen, and nothing covers it."""
        self.settled()
        return bool(
            self.script(
                "const e = document.querySelector(arguments[0]), b = e.getClientRects()[0];"
                "const hit = document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2);"
                "return !!hit && (e === hit || e.contains(hit) || hit.contains(e))",
                selector,
            )
        )

    def complaints(self) -> list[str]:
        """Return what the console got since it was last asked."""
        return [entry["message"] for entry in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]

    def violations(self) -> list[str]:
        """Return what axe-core finds wrong."""
        if not AXE.is_file():
            pytest.skip("axe-core is not installed: run `make browser`")
        # Put in by the driver, past the page's own policy.
        self.script(AXE.read_text(encoding="utf-8"))
        found = self.driver.execute_async_script(
            "const done = arguments[0]; axe.run(document, {resultTypes: ['violations']})"
            ".then(r => done(r.violations), e => done([{id: String(e), nodes: []}]))"
        )
        return [
            f"{each['id']}: {[node['html'][:120] for node in each['nodes'][:3]]}" for each in found
        ]

    def pdf(self) -> bytes:
        """Return the page as it is printed."""
        return base64.b64decode(self.command("Page.printToPDF", printBackground=True)["data"])


@contextmanager
def chromium(*, scripts: bool = True) -> Iterator[Browser]:
    """Start Chromium for a ``with``, without scripts for a reader who allows none."""
    binary = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    if binary is None or driver is None:
        pytest.skip("Chromium or its driver is not installed: run `make browser`")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    if not scripts:
        forbidden = {"profile.managed_default_content_settings.javascript": 2}
        options.add_experimental_option("prefs", forbidden)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    started = webdriver.Chrome(options=options, service=Service(driver))
    try:
        yield Browser(started)
    finally:
        started.quit()


def requests(browser: Browser) -> list[str]:
    """Return the addresses that the page asked for since this was last called."""
    found = []
    for entry in browser.driver.get_log("performance"):  # type: ignore[no-untyped-call]
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            found.append(message["params"]["request"]["url"])
    return found
