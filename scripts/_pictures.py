"""Takes the pictures that README shows of the pages of a demo: `make pictures`."""

import sys
import tempfile
from pathlib import Path

from selenium import webdriver

PLACE = Path(__file__).with_name("pictures")
WIDTH, HEIGHT = 1_080, 900  # of each
CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking")


def main(site):
    """Take pictures of the first screen of the market's page and of a client's."""
    client = Path(site, "statements", "leveraged.html")
    pages = {"market": Path(site, "index.html"), "statement": client}
    PLACE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for flag in (*FLAGS, "--hide-scrollbars", f"--user-data-dir={profile}"):
            options.add_argument(flag)
        browser = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
        try:
            for name, page in pages.items():
                take(browser, page, PLACE / f"{name}.png")
        finally:
            browser.quit()


def take(browser, page, place):
    metrics = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.get(page.resolve().as_uri())
    browser.save_screenshot(str(place))
    print(f"{place}: {place.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
