import BrowserDriver
import Foundation
import ScriptedServer
import Testing

/// A small page with what the driver must be able to see and do.
private let page = """
    <!DOCTYPE html><html lang="en"><title>Small</title><link rel="icon" href="data:,">
    <style>body{background:rgb(250,250,250)}button{width:120px;height:40px}
    @media(prefers-color-scheme:dark){body{background:rgb(10,10,10)}}
    #under{position:absolute;top:300px;left:0}#over{position:absolute;top:290px;left:0;width:200px;height:90px}
    </style>
    <h1>Small page</h1><button id="b" aria-label="Press me">b</button><textarea id="t"></textarea>
    <div id="far" style="margin-top:3000px">far below</div>
    <button id="under">under</button><div id="over">over</div>
    <script>
    window.keys = [];
    addEventListener("keydown", e => keys.push(e.key + "|" + e.code + "|" + e.shiftKey + "|" + e.ctrlKey));
    document.querySelector("#b").onclick = () => document.title += "!";
    document.querySelector("#far").onclick = () => document.title = "far";
    </script>
    """

private func serve() throws -> ScriptedServer {
    try ScriptedServer { request in
        switch request.path {
        case "/": .bytes(Array(page.utf8), headers: [("Content-Type", "text/html; charset=utf-8")])
        case "/cookie":
            .bytes(
                Array("<p>\(request["Cookie"] ?? "none")</p>".utf8),
                headers: [
                    ("Content-Type", "text/html"), ("Set-Cookie", "rater=\(request.connection)"),
                ])
        default: .text("no such page", status: 404)
        }
    }
}

@Suite(.enabled(if: HeadlessBrowser.path != nil, "needs chromium"), .serialized)
struct HeadlessBrowserTests {
    @Test func pressesTypesAndClicks() async throws {
        let server = try serve()
        let browser = try await HeadlessBrowser()
        let tab = try await browser.newTab(server.url + "/")
        #expect(try await tab.text("h1") == "Small page")
        for key in ["j", "?", "Escape", "Enter"] { try await tab.press(key) }
        try await tab.press("s", .control)
        #expect(
            try await tab.evaluate("keys") == [
                "j|KeyJ|false|false", "?|Slash|true|false", "Escape|Escape|false|false",
                "Enter|Enter|false|false", "s|KeyS|false|true",
            ])
        try await tab.click("#t")
        try await tab.type("A naïve <b>\n\"line\" 9/9 – 漢")
        #expect(
            try await tab.evaluate("document.querySelector('#t').value")
                == "A naïve <b>\n\"line\" 9/9 – 漢")
        try await tab.click("#b")
        try await tab.wait(until: "document.title == 'Small!'")
        try await tab.click("#far")
        #expect(try await tab.evaluate("document.title") == "far")
        #expect(try await tab.count("button") == 2)
        try tab.checkSilence()
        await browser.close()
    }

    @Test func saysWhatIsWrong() async throws {
        let server = try serve()
        let browser = try await HeadlessBrowser()
        let tab = try await browser.newTab(server.url + "/")
        await #expect(throws: BrowserError.missing(selector: "#no")) { try await tab.click("#no") }
        await #expect(throws: BrowserError.missing(selector: "#no")) {
            _ = try await tab.text("#no")
        }
        let covered = await #expect(throws: BrowserError.self) { try await tab.click("#under") }
        #expect(covered?.description.contains("id=\"over\"") == true)
        await #expect(throws: BrowserError.unknownKey("F99")) { try await tab.press("F99") }
        await #expect(throws: BrowserError.timedOut(what: "1 > 2", seconds: 0.1)) {
            try await tab.wait(until: "1 > 2", 0.1)
        }
        let thrown = await #expect(throws: BrowserError.self) {
            try await tab.evaluate("nothing.there")
        }
        #expect(thrown?.description.contains("nothing is not defined") == true)
        let lost = await #expect(throws: BrowserError.self) {
            try await tab.goto("http://127.0.0.1:1/")
        }
        #expect(lost?.description.contains("did not load") == true)
        await browser.close()
    }

    @Test func keepsDialogsAndErrors() async throws {
        let server = try serve()
        let browser = try await HeadlessBrowser()
        let tab = try await browser.newTab(server.url + "/")
        try await tab.evaluate("alert('got in')")
        try await tab.evaluate("console.error('oh', 'no')")
        try await tab.evaluate("setTimeout(() => { throw new Error('late') }, 0)")
        try await tab.evaluate("new Image().src = '/missing.png'")
        try await tab.wait(until: "performance.getEntriesByType('resource').length > 0")
        for _ in 0..<200 where tab.errors.count < 3 {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(tab.dialogs == ["got in"])
        #expect(tab.errors.contains("oh no"))
        #expect(tab.errors.contains { $0.contains("late") })
        #expect(tab.errors.contains { $0.contains("404") && $0.contains("missing.png") })
        #expect(throws: BrowserError.self) { try tab.checkSilence() }
        await browser.close()
    }

    @Test func tabsHaveCookiesOfTheirOwn_unlessOpenedBesideOneAnother() async throws {
        let server = try serve()
        let browser = try await HeadlessBrowser()
        let ada = try await browser.newTab(server.url + "/cookie")
        let ben = try await browser.newTab(server.url + "/cookie")
        #expect(try await ben.text("p") == "none")
        let again = try await browser.newTab(server.url + "/cookie", beside: ada)
        #expect(try await again.text("p").hasPrefix("rater="))
        await browser.close()
    }

    @Test func seesColoursWidthsPicturesAndNames() async throws {
        let server = try serve()
        let browser = try await HeadlessBrowser(width: 900, height: 600)
        let tab = try await browser.newTab(server.url + "/")
        #expect(try await tab.evaluate("innerWidth") == 900)
        try await tab.setViewport(width: 390, height: 844, isMobile: true)
        #expect(try await tab.evaluate("screen.width") == 390)
        try await tab.prefersDark(true)
        let colour = "getComputedStyle(document.body).backgroundColor"
        #expect(try await tab.evaluate(colour) == "rgb(10, 10, 10)")
        try await tab.prefersDark(false)
        #expect(try await tab.evaluate(colour) == "rgb(250, 250, 250)")
        let picture = try await tab.screenshot()
        #expect(picture.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        let nodes = try await tab.accessibleNodes()
        #expect(nodes.contains { $0.role == "heading" && $0.name == "Small page" })
        #expect(nodes.contains { $0.role == "button" && $0.name == "Press me" && $0.isFocusable })
        await browser.close()
    }

    @Test(arguments: ["close", "kill", "release"])
    func leavesNothingBehind(by way: String) async throws {
        var browser: HeadlessBrowser? = try await HeadlessBrowser()
        let group = try #require(browser?.processIdentifier)
        let profile = try #require(browser?.profile.path)
        let tab = try #require(try await browser?.newTab())
        #expect(HeadlessBrowser.processCount(inGroup: group) > 1)
        #expect(FileManager.default.fileExists(atPath: profile))
        switch way {
        case "close": await browser?.close()
        case "kill": browser?.kill()
        default: browser = nil
        }
        #expect(HeadlessBrowser.processCount(inGroup: group) == 0)
        #expect(!FileManager.default.fileExists(atPath: profile))
        await #expect(throws: BrowserError.ended(method: "Runtime.evaluate")) {
            try await tab.evaluate("1")
        }
        withExtendedLifetime(browser) {}
    }
}
