"""The complaints of a browser about a page: errors, and whatever it would fetch from elsewhere."""

from playwright.sync_api import ConsoleMessage, Page, Request, Route

LOCAL = ("file:", "data:", "blob:", "about:")


def watched(page: Page) -> list[str]:
    """A list to which every complaint of this page is added from now on; what it asks of a network is not fetched."""
    complaints: list[str] = []

    def console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(f"console: {message.type}: {message.text}")

    def request(request: Request) -> None:
        if not request.url.startswith(LOCAL):
            complaints.append(f"request: {request.method} {request.url}")

    def fetch(route: Route) -> None:
        if route.request.url.startswith(LOCAL):
            route.continue_()
        else:
            route.abort()

    page.on("console", console)
    page.on("pageerror", lambda error: complaints.append(f"page error: {error}"))
    page.on("crash", lambda _: complaints.append("the page crashed"))
    page.on("request", request)
    page.route("**/*", fetch)
    return complaints
