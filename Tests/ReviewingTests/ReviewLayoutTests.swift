import BrowserDriver
import Foundation
import Inquiry
import JSON
import ScriptedServer
import Testing

@testable import Reviewing

/// The pages as a browser lays them out, under the policy that the server sends with them.
@Suite(.enabled(if: HeadlessBrowser.path != nil, "needs chromium"), .serialized)
struct ReviewLayoutTests {
    private static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
        form-action 'self'; base-uri 'none'; frame-ancestors 'none'
        """

    /// Serves pages by their paths, and the files that they load.
    private func serve(_ pages: [String: String]) throws -> ScriptedServer {
        try ScriptedServer { request in
            let (text, type): (String?, String) =
                switch request.path {
                case "/assets/review.css": (ReviewAssets.css, "text/css")
                case "/assets/review.js": (ReviewAssets.js, "text/javascript")
                default: (pages[request.path], "text/html")
                }
            // What the script asks for is not served here.
            guard let text else { return .bytes([], status: 204) }
            return .bytes(
                Array(text.utf8),
                headers: [
                    ("Content-Type", "\(type); charset=utf-8"),
                    ("Content-Security-Policy", Self.policy),
                ])
        }
    }

    private var pages: [String: String] {
        let session = PageSample.session
        let states: [ReviewState] = [.pending, .claimed, .deferred, .escalated, .approved]
        let kinds = ApprovalKind.allCases
        let lines = (1...9).map {
            PageSample.line(
                $0,
                claim: $0 == 4
                    ? String(repeating: "averylongwordwithoutanyspace", count: 12)
                    : "fires on words for weather, number \($0), after a verb of beginning",
                state: states[$0 % states.count], decision: $0 == 5 ? .approve : nil,
                kind: kinds[$0 % kinds.count])
        }
        let sample = ReviewSample.sheet(1, claim: "fires on words for weather that begins")
        let revealed = PageSample.revealed(text: "the rule inducer")
        return [
            "/": ReviewPages.queue(
                page: ReviewPage(lines: lines, offset: 0, total: 120, sequence: 5),
                filter: ReviewFilter(run: "explain-1a2b3c4d"),
                counts: [.pending: 100, .deferred: 20, .approved: 31, .edited: 4, .rejected: 9],
                session: session),
            "/items/e-000000000001": ReviewPages.item(
                PageSample.view(sample), nonce: "n", session: session),
            "/items/h-000000000002": ReviewPages.item(
                PageSample.view(PageSample.board), nonce: "n", session: session),
            "/items/e-000000000003": ReviewPages.item(
                PageSample.view(sample, state: .escalated, decision: .edit, revealed: revealed),
                nonce: "n", session: session),
            "/search": ReviewPages.search(
                SearchView(
                    query: "weather", items: Array(lines.prefix(3)),
                    features: [
                        .init(
                            run: "explain-1a2b3c4d",
                            inquiry: .init(
                                name: "latent 3", state: "supported", statement: lines[3].claim,
                                probes: 240, hypotheses: 7))
                    ]), session: session),
            "/help": ReviewPages.help(session: session),
            "/entry": ReviewPages.message(
                title: "Come in by your own address",
                text: "`conjecture serve` prints an address for each rater.", session: nil),
        ]
    }

    @Test func everyPageFits_inBothSchemesAndOnAPhone() async throws {
        let pages = pages
        let server = try serve(pages)
        let browser = try await HeadlessBrowser(width: 1_280, height: 860)
        let tab = try await browser.newTab()
        let folder = try Screenshots.folder()
        for (width, isDark) in [(1_280, false), (1_280, true), (390, false), (390, true)] {
            try await tab.setViewport(
                width: width, height: width == 390 ? 844 : 860, isMobile: width == 390)
            try await tab.prefersDark(isDark)
            for path in pages.keys.sorted() {
                try await tab.goto(server.url + path)
                let place: Comment = "\(path) at \(width)"
                #expect(
                    try await tab.evaluate("document.documentElement.scrollWidth")
                        == .integer(width), place)
                #expect(try await tab.evaluate(Self.escaped) == [], place)
                // Beside the evidence, where there is room.
                let isBeside = try await tab.evaluate(
                    "(document.querySelector('#decision')?.getBoundingClientRect().top ?? 0) < 150")
                #expect(width == 390 || isBeside == true, place)
                let brightness = try await tab.evaluate(Self.brightness).integer ?? -1
                #expect(isDark ? (0..<60).contains(brightness) : brightness > 200, place)
                let name = path.dropFirst().replacing("/", with: "-")
                try await tab.screenshot(ofWholePage: true).write(
                    to: folder.appendingPathComponent(
                        "\(name.isEmpty ? "queue" : String(name))-\(width)\(isDark ? "-dark" : "").png"
                    ))
            }
        }
        try tab.checkSilence()
        await browser.close()
    }

    /// Elements wider than the page that do not lie in a part that scrolls by itself.
    private static let escaped = """
        [...document.querySelectorAll("main *, header *")].filter(part =>
            !part.closest(".scroll, pre, svg, .aside") && part.checkVisibility()
            && part.getBoundingClientRect().right > innerWidth + 0.5
        ).map(part => part.outerHTML.slice(0, 80))
        """

    private static let brightness = """
        Math.max(...getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).map(Number))
        """

    @Test func attacksStayText() async throws {
        var pages: [String: String] = [:]
        for (index, attack) in PageSample.attacks.enumerated() {
            let sheet = PageSample.sheet(attack: attack)
            let revealed = PageSample.revealed(text: attack)
            pages["/items/\(index)"] = ReviewPages.item(
                PageSample.view(sheet), nonce: attack, session: PageSample.session)
            pages["/items/\(index)/settled"] = ReviewPages.item(
                PageSample.view(sheet, state: .edited, revealed: revealed), nonce: attack,
                session: PageSample.session)
            pages["/search/\(index)"] = ReviewPages.search(
                SearchView(query: attack, items: [PageSample.line(1, claim: attack)]),
                session: PageSample.session)
        }
        let server = try serve(pages)
        let browser = try await HeadlessBrowser()
        let tab = try await browser.newTab()
        for path in pages.keys.sorted() {
            try await tab.goto(server.url + path)
            #expect(try await tab.evaluate(Self.foreign) == [], "\(path)")
            #expect(try await tab.evaluate("location.pathname") == .string(path))
        }
        let item = PageSample.attacks.firstIndex { $0.hasPrefix("<img") } ?? 0
        try await tab.goto(server.url + "/items/\(item)")
        #expect(try await tab.text("#claim") == PageSample.attacks[item])
        try await tab.press("e")
        #expect(
            try await tab.evaluate("document.querySelector('#edit-text').value")
                == .string(PageSample.attacks[item]))
        try tab.checkSilence()
        await browser.close()
    }

    /// Elements that no page of ours has, and attributes that would run something.
    private static let foreign = """
        [...document.querySelectorAll("*")].filter(part =>
            ["IMG", "IFRAME", "STYLE", "BASE", "OBJECT", "EMBED", "MATH", "TEMPLATE"].includes(part.tagName)
            || (part.tagName === "SCRIPT" && part.getAttribute("src") !== "/assets/review.js")
            || (part.tagName === "LINK" && !["icon", "stylesheet"].includes(part.rel))
            || (part.tagName === "META" && part.httpEquiv)
            || (part.tagName === "FORM" && part.action && new URL(part.action).origin !== location.origin)
            || [...part.attributes].some(a => a.name.startsWith("on") || a.name === "srcdoc"
                || (a.name === "href" && a.value.startsWith("javascript:")))
        ).map(part => part.outerHTML.slice(0, 80))
        """

    @Test func everyControlHasAName_andThePageItsLandmarks() async throws {
        let pages = pages
        let server = try serve(pages)
        let browser = try await HeadlessBrowser()
        let tab = try await browser.newTab()
        let controls: Set = [
            "button", "link", "textbox", "searchbox", "radio", "combobox", "checkbox", "dialog",
            "image", "region", "navigation", "complementary",
        ]
        for path in pages.keys.sorted() {
            try await tab.goto(server.url + path)
            let nodes = try await tab.accessibleNodes()
            for node in nodes where controls.contains(node.role) {
                #expect(!node.name.isEmpty, "\(node.role) on \(path)")
            }
            #expect(nodes.count { $0.role == "main" } == 1, "\(path)")
            #expect(nodes.contains { $0.role == "banner" }, "\(path)")
            #expect(try await tab.count("h1") == 1, "\(path)")
        }
        try await tab.goto(server.url + "/items/e-000000000001")
        let nodes = try await tab.accessibleNodes()
        for name in ["Approve", "Reject…", "Defer", "Escalate", "Edit label…"] {
            #expect(nodes.contains { $0.role == "button" && $0.name.hasPrefix(name) }, "\(name)")
        }
        #expect(nodes.contains { $0.role == "radio" && $0.name == "3" && $0.isFocusable })
        #expect(nodes.contains { $0.role == "columnheader" && $0.name == "predicted" })
        await browser.close()
    }

    /// Every place that the Tab key reaches can be seen to have the focus, and comes in the order of the
    /// page.
    @Test func focusGoesThroughThePageInItsOrder_andIsSeen() async throws {
        let server = try serve(pages)
        let browser = try await HeadlessBrowser()
        let tab = try await browser.newTab(server.url + "/items/e-000000000001")
        var places: [Int] = []
        for _ in 0..<13 {
            try await tab.press("Tab")
            let place = try await tab.evaluate(
                """
                (() => {
                    const part = document.activeElement;
                    const outline = getComputedStyle(part).outlineStyle;
                    return outline === "none" ? -1 : [...document.querySelectorAll("*")].indexOf(part);
                })()
                """)
            places.append(place.integer ?? -1)
        }
        #expect(!places.contains(-1))
        #expect(places == places.sorted() && Set(places).count == places.count)
        await browser.close()
    }
}

/// Where pictures of pages go: kept when `CONJECTURE_SCREENSHOTS` names a folder.
enum Screenshots {
    static func folder() throws -> URL {
        let named = ProcessInfo.processInfo.environment["CONJECTURE_SCREENSHOTS"]
        let folder =
            named.map { URL(fileURLWithPath: $0) }
            ?? FileManager.default.temporaryDirectory.appendingPathComponent(
                "conjecture-screenshots")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }
}
